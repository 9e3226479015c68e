"""Forecasts of what a team's meters use: the hours behind them are read from rollups, in a few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.database.together import Reading, read
from teams.models import Team
from usage.models import Facts, Meter
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.forecast import LONGEST_DAY, NoForecast, Span, forecast
from usage.quota.forecast.history import History
from usage.quota.forecast.hours import Behind, Window, Worths, histories_of, history_of

# What is read: a period's rest is long, and should have been tried a few times over.
WEEKS_OF_DAY, WEEKS_OF_PERIOD = 8, 16


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A day or billing period [start, end) of which `used` is what is shown so far; some have no end."""

    start: datetime
    end: datetime | None
    used: int

    def span(self, as_of: datetime) -> Span:
        """It as far as it was told of."""
        return Span(self.start, self.end or self.start, self.used, as_of)

    @property
    def weeks(self) -> int:
        """How many weeks are asked to tell how it goes on."""
        is_day = self.end is not None and self.end - self.start <= LONGEST_DAY
        return WEEKS_OF_DAY if is_day else WEEKS_OF_PERIOD


def forecast_of(
    team: Team,
    metric: str,
    going_on: GoingOn,
    now: datetime,
    meters: Sequence[int] | None = None,
    facts: Facts | None = None,
) -> Forecast | NoForecast:
    """What a team, or some of its meters by id, will have used of a metric at the end of a day or billing
    period; `facts` are those of the same meters.
    """
    if facts is None:
        counted = Meter.objects.for_team(team)
        facts = (counted if meters is None else counted.filter(pk__in=meters)).facts(now)
    return read(reading_forecast(team, metric, going_on, now, facts, meters))


def reading_forecast(
    team: Team,
    metric: str,
    going_on: GoingOn,
    now: datetime,
    facts: Facts,
    meters: Sequence[int] | None = None,
    worths: Worths | None = None,
) -> Reading[Forecast | NoForecast]:
    """The same as a reading, of what a metric is worth where that is given, which `going_on` counts then. One
    step, none where there can be no forecast.
    """
    behind = _behind(team, going_on, facts, now)
    if isinstance(behind, NoForecast):
        return behind
    history = yield from history_of(team, metric, behind, meters, worths)
    return forecast(history, going_on.span(behind.as_of), now)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A forecast or why there is none, and the hours behind it, where they were read."""

    forecast: Forecast | NoForecast
    history: History | None = None


def forecasts_of(
    team: Team, metric: str, meters: Mapping[int, GoingOn], now: datetime
) -> dict[int, Forecast | NoForecast]:
    """What each of many meters, by id, will have used. Two queries, however many they are."""
    return {pk: found.forecast for pk, found in read(reading_foreseen(team, metric, meters, now)).items()}


def reading_foreseen(
    team: Team, metric: str, meters: Mapping[int, GoingOn], now: datetime
) -> Reading[dict[int, Foreseen]]:
    """The same as a reading, with what lies behind the forecasts. Two steps, none where there is no meter."""
    if not meters:
        return {}
    counted = Meter.objects.for_team(team).filter(pk__among=list(meters))
    facts = yield from counted.facts_of_each(now)
    behind = {pk: _behind(team, going_on, facts.get(pk), now) for pk, going_on in meters.items()}
    asked = {pk: one for pk, one in behind.items() if isinstance(one, Behind)}
    histories = yield from histories_of(team, metric, asked)
    return {
        pk: Foreseen(forecast(histories[pk], meters[pk].span(one.as_of), now), histories[pk])
        if isinstance(one, Behind)
        else Foreseen(one)
        for pk, one in behind.items()
    }


def _behind(team: Team, going_on: GoingOn, facts: Facts | None, now: datetime) -> Behind | NoForecast:
    """What is to be read for a forecast, or why there is none."""
    if going_on.end is None:
        return NoForecast("The provider does not say when the period ends.")
    as_of = (facts.as_of or facts.last_answer) if facts else None
    if facts is None or as_of is None:
        return NoForecast("No usage was told yet.")
    as_of = min(as_of, now)
    return Behind(Window.before(team, as_of, going_on.weeks), as_of, facts)
