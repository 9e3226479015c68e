"""Forecasts of what a team's meters use: the hours behind them are read from rollups, in a few queries."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db.models import F, QuerySet, Sum

from teams.models import Team
from usage.ledger import COVERAGE, Quality
from usage.ledger.grid import QUARTER, quarter_number
from usage.ledger.words import microseconds, moment
from usage.models import Facts, Meter, Quarter, Stretch, TeamQuarter
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.forecast import LONGEST_DAY, NoForecast, Span, forecast
from usage.quota.forecast.history import HOUR, HOURS_OF_WEEK, History

SEEN = (Quality.MEASURED, Quality.INTERPOLATED, Quality.CORRECTED)
QUARTERS_OF_HOUR, AN_HOUR = 4, HOUR // timedelta(microseconds=1)
# What is read: a period's rest is long, and should have been tried a few times over.
WEEKS_OF_DAY, WEEKS_OF_PERIOD = 8, 16


def forecast_of(
    team: Team,
    metric: str,
    period: tuple[datetime, datetime | None],
    used: int,
    now: datetime,
    meters: Sequence[int] | None = None,
    facts: Facts | None = None,
) -> Forecast | NoForecast:
    """What a team, or some of its meters by id, will have used of a metric at the end of a day or billing
    period [start, end), of which `used` is what is shown so far; `facts` are those of the same meters.
    """
    start, end = period
    if end is None:
        return NoForecast("The provider does not say when the period ends.")
    if facts is None:
        counted = Meter.objects.for_team(team)
        facts = (counted if meters is None else counted.filter(pk__in=meters)).facts(now)
    as_of = facts.as_of or facts.last_answer
    if as_of is None:
        return NoForecast("No usage was told yet.")
    as_of = min(as_of, now)
    weeks = WEEKS_OF_DAY if end - start <= LONGEST_DAY else WEEKS_OF_PERIOD
    history = read_history(team, metric, as_of, weeks, facts, meters)
    return forecast(history, Span(start, end, used, as_of), now)


def read_history(
    team: Team, metric: str, as_of: datetime, weeks: int, facts: Facts, meters: Sequence[int] | None = None
) -> History:
    """The hours of so many weeks before `as_of`, whole hours of the team's clock; `facts` are the meters'."""
    end = as_of.astimezone(team.zone).replace(minute=0, second=0, microsecond=0)
    last, hours = quarter_number(microseconds(end)), weeks * HOURS_OF_WEEK
    first = last - hours * QUARTERS_OF_HOUR
    start = moment(first * QUARTER)
    amounts, watched, before = [0.0] * hours, [0.0] * hours, [0.0] * hours
    for kind, hour, amount in _rows(team, metric, first, last, meters):
        found = {metric: amounts, COVERAGE: watched, Quality.BEFORE_WATCHING: before}[kind]
        found[hour] += float(amount)
    spans = [(since, until or as_of, count) for since, until, count in facts.spans]
    unwatched = [(since, until, -1) for since, until in _before_watching(team, start, meters)]
    expected = meter_hours([*spans, *unwatched], start, hours)
    due = [round(wanted - early / AN_HOUR, 6) for wanted, early in zip(expected, before, strict=True)]
    pairs = zip(watched, due, strict=True)
    seen = [min(found / AN_HOUR / wanted, 1.0) if wanted > 0 else 0.0 for found, wanted in pairs]
    return History(start, team.zone, amounts, seen, [wanted > 0 for wanted in due])


def _rows(
    team: Team, metric: str, first: int, last: int, meters: Sequence[int] | None
) -> Iterator[tuple[str, int, int]]:
    """(metric or coverage, number of the hour, amount) of quarters, named by their ends, in (first, last]."""
    span = {"number__gt": first, "number__lte": last}
    if meters is None:
        rows: QuerySet[Any] = TeamQuarter.objects.filter(team=team, **span)
        kind, model, amount = "metric", "model", Sum("amount")
    else:
        rows = Quarter.objects.filter(series__meter__in=meters, series__meter__team=team, **span)
        kind, model, amount = "series__metric", "series__model", Sum(F("value") - F("opening"))
    hours = rows.annotate(hour=(F("number") - 1 - first) / QUARTERS_OF_HOUR).order_by()
    used, seen, before = (
        part.values_list(name, "hour").annotate(sum=amount)
        for part, name in (
            (hours.filter(**{kind: metric}), kind),
            (hours.filter(**{kind: COVERAGE, f"{model}__in": SEEN}), kind),
            (hours.filter(**{kind: COVERAGE, model: Quality.BEFORE_WATCHING}), model),
        )
    )
    return used.union(seen, before, all=True).iterator()


def _before_watching(
    team: Team, start: datetime, meters: Sequence[int] | None
) -> Iterator[tuple[datetime, datetime]]:
    """The time before a meter was watched that its first answer told of, where that is long."""
    stretches = Stretch.objects.for_team(team)
    mine = stretches if meters is None else stretches.of_meters(meters)
    early = mine.filter(quality=Quality.BEFORE_WATCHING, end__gt=microseconds(start))
    for since, until in early.values_list("start", "end"):
        yield moment(since), moment(until)


def meter_hours(spans: Iterable[tuple[datetime, datetime, int]], start: datetime, hours: int) -> list[float]:
    """How many meters there are in each hour, by spans (from, to, how many): for a part of it, a part."""
    counts, parts = [0.0] * (hours + 1), [0.0] * (hours + 1)
    for since, until, count in spans:
        for at, sign in ((since, 1), (until, -1)):
            place = min(max((at - start) / HOUR, 0.0), float(hours))
            counts[int(place)] += sign * count
            parts[int(place)] -= sign * count * (place % 1)
    return [whole + part for whole, part in zip(accumulate(counts), parts, strict=True)][:hours]
