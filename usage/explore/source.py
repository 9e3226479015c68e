"""Where the numbers of a chart come from: whole local days where they do, quarters of an hour elsewhere."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from django.db.models import F, Q, Sum

from teams.models import Team
from usage.ledger import COVERAGE
from usage.ledger.grid import QUARTER, day_start, quarter_number
from usage.ledger.words import moment
from usage.models import Day, Meter, Quarter, Stretch, TeamDay, TeamQuarter

BY_MODEL, BY_KEY = "model", "key"

# Below so many days quarters are read even where days would do: the rows are few.
LEAST_DAYS = 3

# (start of the row in microseconds, metric, name, amount)
type Row = tuple[int, str, str, int]
type Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """Which rollups hold a team's numbers over some buckets: local days [first, last), and quarters in spans.

    Days are read only where they are written in the team's zone; quarters are always right. What lies in
    stretches is in no rollup: it is put into the buckets between `instants` along a straight line.
    """

    team: Team
    days: tuple[date, date] | None
    spans: Sequence[Interval]
    instants: Sequence[int]
    stretches: Sequence[Stretch]

    @classmethod
    def of(cls, team: Team, instants: Sequence[int], days_zone: str | None) -> Self:
        """The source between instants: microseconds, ascending, on quarters of an hour. The team's days are
        all written in `days_zone`. One query.
        """
        days, spans = split(instants, team.zone)
        stretches = list(Stretch.objects.for_team(team).overlapping(instants[0], instants[-1]))
        if days and days_zone == team.time_zone:
            return cls(team, days, spans, instants, stretches)
        return cls(team, None, [(instants[0], instants[-1])], instants, stretches)

    def rows(self, metric: str, group: str) -> Iterator[Row]:
        """Every rollup row of a metric, and of the time watched. No row crosses a instant."""
        yield from self._team_rows([COVERAGE] if group == BY_KEY else [metric, COVERAGE])
        names = meter_names(self.team) if group == BY_KEY else {}
        if group == BY_KEY:
            yield from self._key_rows(metric, names)
        yield from self._stretch_rows(metric, names)

    def total(self, metric: str) -> int:
        """The sum of a metric; two queries at most."""
        mine = {"team": self.team, "metric": metric}
        amount = Sum("amount", default=0)
        days = (
            TeamDay.objects.filter(**mine, **self._within_days()).aggregate(sum=amount) if self.days else {}
        )
        quarters = TeamQuarter.objects.filter(_within(self.spans), **mine)
        rolled_up = days.get("sum", 0) + (quarters.aggregate(sum=amount)["sum"] if self.spans else 0)
        first, last = self.instants[0], self.instants[-1]
        parts = (stretch.as_ledger().within(first, last) for stretch in self.stretches)
        return rolled_up + sum(
            amount for part in parts for line, amount in part.items() if line.metric == metric
        )

    def _team_rows(self, metrics: Sequence[str]) -> Iterator[Row]:
        """The rollup rows of some metrics, summed over the team's keys; two queries at most."""
        mine, columns = {"team": self.team, "metric__in": metrics}, ("metric", "model", "amount")
        if self.days:
            days = TeamDay.objects.filter(**mine, **self._within_days())
            for day, kind, name, amount in days.values_list("day", *columns):
                yield self._start(day), kind, name, amount
        if self.spans:
            # Several metrics within several spans: SQLite would read the whole history instead.
            first, *others = [
                TeamQuarter.objects.filter(_within([span]), **mine).values_list("number", *columns)
                for span in self.spans
            ]
            for number, kind, name, amount in first.union(*others, all=True) if others else first:
                yield self._start(number), kind, name, amount

    def _within_days(self) -> dict[str, date]:
        return {"day__gte": self.days[0], "day__lt": self.days[1]} if self.days else {}

    def _key_rows(self, metric: str, names: Mapping[int, str]) -> Iterator[Row]:
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

    def _stretch_rows(self, metric: str, names: Mapping[int, str]) -> Iterator[Row]:
        """What stretches hold of a metric, and of the time watched, in each bucket that they lie in.

        `names` are those of the meters; without any, amounts are of models.
        """
        for stretch in self.stretches:
            whole, name = stretch.as_ledger(), names.get(stretch.meter_id)
            first = max(bisect_right(self.instants, whole.start) - 1, 0)
            for start, end in pairwise(self.instants[first:]):
                if start >= whole.end:
                    break
                for line, amount in whole.within(start, end).items():
                    if line.metric == COVERAGE:
                        yield start, COVERAGE, line.model, amount
                    elif line.metric == metric:
                        yield start, metric, name or line.model, amount

    def _start(self, place: date | int) -> int:
        """Where a local day, or a quarter named by its end, begins."""
        return (place - 1) * QUARTER if isinstance(place, int) else day_start(place, self.team.zone)


def meter_names(team: Team) -> dict[int, str]:
    """A name for each meter of a team, no two alike."""
    names: dict[int, str] = {}
    # Those that count nothing any more come last: while one of them is taken off, some of its rows are there.
    meters = Meter.objects.filter(team=team).order_by(F("merged_into").asc(nulls_first=True), "pk")
    for meter in meters.counted().select_related("key").defer("state"):
        name = meter.key.name if meter.key else meter.name
        names[meter.pk] = name if name not in names.values() else f"{name} ({meter.pk})"
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
