"""Which keys used which models lately, by the last day on which each did."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Max, QuerySet

from common.database.together import Reading, ask, side_by_side
from teams.models import Team
from usage.ledger import TOKENS
from usage.ledger.grid import day_start
from usage.ledger.words import microseconds, moment
from usage.models import Day, LocalUsage, Meter, Stretch

# What was used longer ago is no news; of a week, today is the last day.
DAYS, WEEK = 14, 7


class Use(NamedTuple):
    """A key, and the last local day on which it used a model."""

    key: str
    last: date


class Place(NamedTuple):
    """A model by its name, at an address."""

    base_url: str
    model: str


@dataclass(frozen=True, slots=True)
class Lately:
    """Who used what in the last days: by model, the latest first."""

    today: date
    uses: Mapping[Place, Sequence[Use]]

    def of(self, base_url: str, model: str) -> Sequence[Use]:
        """The keys that used a model."""
        return self.uses.get(Place(base_url, model), ())

    def anywhere(self, model: str) -> Sequence[Use]:
        """The keys that used a model, whatever their addresses, the latest first."""
        uses = [use for place, some in self.uses.items() if place.model == model for use in some]
        return sorted(uses, key=_latest_first)

    def this_week(self, base_url: str, model: str) -> int:
        """How many keys used a model in the last seven days, today included."""
        since = self.today - timedelta(days=WEEK - 1)
        return sum(use.last >= since for use in self.of(base_url, model))


def reading_lately(team: Team, models: Iterable[str], now: datetime) -> Reading[Lately]:
    """Who used some models in the last days, by what was polled and what raxdash ran; two steps.

    An account of several keys is called by the one that is polled for it.
    """
    names, today = sorted(set(models)), team.day_of(now)
    if not names:
        return Lately(today, {})
    since = today - timedelta(days=DAYS - 1)
    start = day_start(since, team.zone)
    polled, stretches, own = yield from side_by_side(
        ask(_days(team, names, since)), ask(_stretches(team, start, now)), ask(_own(team, names, start))
    )
    last: dict[tuple[int, str], date] = {(meter, model): day for meter, model, day in polled}
    for stretch in stretches:
        # Of time whose spread nobody saw its end is the last moment in which anything may have been used.
        day = team.day_of(moment(stretch.end - 1))
        for model, tokens in stretch.amounts.get(TOKENS, {}).items():
            if tokens > 0 and model in names:
                place = stretch.meter_id, model
                last[place] = max(last.get(place, day), day)
    ids = {meter for meter, _ in last}
    meters = Meter.objects.filter(pk__among=ids).values_list("pk", "key__name", "name", "base_url")
    return Lately(today, _by_place(team, last, (yield from ask(meters)), own))


type Named = tuple[int, str | None, str, str]
type Ran = tuple[str, str, str, datetime]


def _by_place(
    team: Team, last: Mapping[tuple[int, str], date], meters: Iterable[Named], own: Iterable[Ran]
) -> dict[Place, list[Use]]:
    found: dict[Place, dict[str, date]] = defaultdict(dict)
    named = {pk: (key or name, base_url) for pk, key, name, base_url in meters}
    days = [(Place(named[meter][1], model), named[meter][0], day) for (meter, model), day in last.items()]
    days += [(Place(base_url, model), key, team.day_of(at)) for key, base_url, model, at in own]
    for place, key, day in days:
        found[place][key] = max(found[place].get(key, day), day)
    return {
        place: sorted((Use(*each) for each in uses.items()), key=_latest_first)
        for place, uses in found.items()
    }


def _latest_first(use: Use) -> tuple[int, str]:
    return -use.last.toordinal(), use.key


def _days(team: Team, names: Sequence[str], since: date) -> QuerySet[Any, Any]:
    """(meter, model, the last day on which it rose)."""
    meters = Meter.objects.for_team(team).order_by().values("pk")
    rose = Day.objects.filter(
        series__meter__in=meters, series__metric=TOKENS, series__model__among=names, day__gte=since
    ).filter(value__gt=F("opening"))
    return rose.order_by().values_list("series__meter_id", "series__model").annotate(last=Max("day"))


def _stretches(team: Team, start: int, now: datetime) -> QuerySet[Stretch]:
    """Those that lie whole in the last days."""
    meters = Meter.objects.for_team(team).order_by().values("pk")
    return Stretch.objects.filter(meter__in=meters, start__gte=start, end__lte=microseconds(now))


def _own(team: Team, names: Sequence[str], start: int) -> QuerySet[Any, Any]:
    """(key, address, model, when raxdash last ran it)."""
    runs = LocalUsage.objects.filter(team=team, model__among=names, at__gte=moment(start)).exclude(key=None)
    return runs.order_by().values_list("key__name", "key__base_url", "model").annotate(last=Max("at"))
