"""Where the numbers of a chart come from: whole local days where they do, quarters of an hour elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, DateField, F, IntegerField, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from teams.models import Team
from usage.explore.reading.stretches import Piece
from usage.ledger.grid import QUARTER, day_start, quarter_number
from usage.ledger.words import moment
from usage.models import Day, Meter, Quarter, Stretch, TeamDay, TeamQuarter

BY_MODEL, BY_KEY = "model", "key"

# Below so many days quarters are read even where days would do: the rows are few.
LEAST_DAYS = 3

# Days and quarters are read as one: a row has the place of one of the two.
NO_DAY, NO_NUMBER = Cast(Value(None), DateField()), Cast(Value(None), IntegerField())

# (start of the row in microseconds, metric, name, amount)
type Row = tuple[int, str, str, int]
type Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """Which rollups hold a team's numbers over some buckets: local days [first, last), and quarters in spans.

    Days are read only where they are written in the team's zone; quarters are always right. What lies in
    `stretches` is in no rollup.
    """

    team: Team
    days: tuple[date, date] | None
    spans: Sequence[Interval]
    stretches: Sequence[Piece]

    @classmethod
    def of(cls, team: Team, instants: Sequence[int], days_zone: str | None) -> Self:
        """The source between instants: microseconds, ascending, on quarters of an hour. The team's days are
        all written in `days_zone`. One query.
        """
        days, spans = split(instants, team.zone)
        found = Stretch.objects.for_team(team).overlapping(instants[0], instants[-1])
        stretches = [Piece(*row) for row in found.values_list(*Piece._fields)]
        if days and days_zone == team.time_zone:
            return cls(team, days, spans, stretches)
        return cls(team, None, [(instants[0], instants[-1])], stretches)

    def rows(self, metrics: Sequence[str], summed: Sequence[str]) -> Iterator[Row]:
        """Every rollup row of some metrics, over all of the team's keys, and one row or a few with the sum of
        each of the `summed`, which has no name. No other row crosses an instant. One query.
        """
        first, *others = [part for rollup in self._rollups() for part in self._parts(rollup, metrics, summed)]
        found = first.union(*others, all=True) if others else first
        for day, number, kind, name, amount in found:
            yield self._start(day or number), kind, name, amount

    def _rollups(self) -> Iterator[QuerySet[Any]]:
        if self.days:
            days = TeamDay.objects.filter(team=self.team, **self._within_days())
            yield days.annotate(on=F("day"), quarter=NO_NUMBER)
        # Several metrics within several spans: SQLite would read the whole history instead.
        for span in self.spans:
            quarters = TeamQuarter.objects.filter(_within([span]), team=self.team)
            yield quarters.annotate(on=NO_DAY, quarter=F("number"))

    def _parts(
        self, rollup: QuerySet[Any], metrics: Sequence[str], summed: Sequence[str]
    ) -> Iterator[QuerySet[Any]]:
        yield rollup.filter(metric__in=metrics).values_list("on", "quarter", "metric", "model", "amount")
        if summed:
            sums = rollup.filter(metric__in=summed).order_by().values("metric")
            columns = {
                "first_day": Min("on"),
                "first_quarter": Min("quarter"),
                "nobody": Value(""),
                "sum": Cast(Sum("amount"), BigIntegerField()),
            }
            names = ("first_day", "first_quarter", "metric", "nobody", "sum")
            yield sums.annotate(**columns).values_list(*names)

    def _within_days(self) -> dict[str, date]:
        return {"day__gte": self.days[0], "day__lt": self.days[1]} if self.days else {}

    def key_rows(self, metric: str, names: Mapping[int, str]) -> Iterator[Row]:
        """The rollup rows of a metric by key; `names` are those of the meters. Two queries at most."""
        used = Sum(F("value") - F("opening"))
        mine = {"series__meter__team": self.team, "series__metric": metric}
        if self.days:
            found = Day.objects.filter(**mine, **self._within_days())
            for day, meter_id, amount in found.values_list("day", "series__meter_id").annotate(used=used):
                yield self._start(day), metric, names[meter_id], amount
        if self.spans:
            quarters = Quarter.objects.filter(_within(self.spans), **mine)
            for number, meter_id, amount in quarters.values_list("number", "series__meter_id").annotate(
                used=used
            ):
                yield self._start(number), metric, names[meter_id], amount

    def _start(self, place: date | int) -> int:
        """Where a local day, or a quarter named by its end, begins."""
        return (place - 1) * QUARTER if isinstance(place, int) else day_start(place, self.team.zone)


def meter_names(team: Team) -> dict[int, str]:
    """A name for each meter of a team, no two alike."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    # Those that count nothing any more come last: while one of them is taken off, some of its rows are there.
    meters = Meter.objects.filter(team=team).order_by(F("merged_into").asc(nulls_first=True), "pk")
    for meter_id, own, of_key in meters.counted().values_list("pk", "name", "key__name"):
        name = own if of_key is None else of_key
        names[meter_id] = name if name not in taken else f"{name} ({meter_id})"
        taken.add(names[meter_id])
    return names


def _within(spans: Sequence[Interval]) -> Q:
    condition = Q()
    for start, end in spans:
        condition |= Q(number__gte=quarter_number(start + 1), number__lte=quarter_number(end))
    return condition


def split(instants: Sequence[int], zone: ZoneInfo) -> tuple[tuple[date, date] | None, list[Interval]]:
    """The local days [first, last) that no instant divides, and what lies beside them, for quarters."""
    start, end = instants[0], instants[-1]
    first, last = first_day_from(start, zone), local_date(end, zone)
    divided = any(day_start(local_date(instant, zone), zone) != instant for instant in instants[1:-1])
    if divided or (last - first).days < LEAST_DAYS:
        return None, [(start, end)]
    spans = [(start, day_start(first, zone)), (day_start(last, zone), end)]
    return (first, last), [span for span in spans if span[0] < span[1]]


def local_date(at: int, zone: ZoneInfo) -> date:
    """The local day of an instant in microseconds."""
    return moment(at).astimezone(zone).date()


def first_day_from(at: int, zone: ZoneInfo) -> date:
    """The first local day that begins at an instant or later."""
    day = local_date(at, zone)
    return day if day_start(day, zone) == at else day + timedelta(days=1)
