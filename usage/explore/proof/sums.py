"""What pages show of single meters over spans of time, added up by the database from rows that they read."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, CharField, Expression, F, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat, Greatest, Least

from teams.models import Team
from usage.explore.reading.sums.source import Interval, split
from usage.ledger import COVERAGE, Quality
from usage.ledger.grid import QUARTER, quarter_number
from usage.models import Day, Quarter, Stretch
from usage.models.ledger.json_sums import SumOfModels

PARTS = ("meter_id", "place", "what", "used")
MOVED = Cast(Sum(F("value") - F("opening")), BigIntegerField())
# What a row of the sum is of: an amount in a rollup, in a stretch, in one that a span cuts; or time.
ROLLED, IN_STRETCH, CUT, TIME = "rolled", "in:", "cut", "time:"

# Ids of meters, or a query for them: there may be thousands.
type Meters = Collection[int] | QuerySet[Any]

# (span, meter id)
type Place = tuple[Interval, int]


@dataclass(frozen=True, slots=True)
class Sums:
    """What each meter used in each span for certain; how much of it was `told` for whole days by another
    source than polls; what stretches hold that a span cuts; and the time by quality.
    """

    used: Counter[Place] = field(default_factory=Counter)
    told: Counter[Place] = field(default_factory=Counter)
    cut: Counter[Place] = field(default_factory=Counter)
    times: dict[Place, Counter[str]] = field(default_factory=dict)

    def add(self, place: Place, what: str, amount: int) -> None:
        """Take a row."""
        if what.startswith(TIME):
            self.times.setdefault(place, Counter())[what.removeprefix(TIME)] += amount
        elif what == CUT:
            self.cut[place] += amount
        else:
            self.used[place] += amount
            if what == IN_STRETCH + Quality.TOLD:
                self.told[place] += amount


@dataclass(frozen=True, slots=True)
class Adding:
    """Whose rows are added up: those of a team whose days are all written in `days_zone`, of a metric and the
    models that `SumOfModels` would take.
    """

    team: Team
    metric: str
    days_zone: str | None
    models: Mapping[str, Sequence[str]]

    def sums(self, spans: Mapping[Interval, Meters], *, with_time: bool = False) -> Sums:
        """The sums of some meters in the whole quarters of an hour of each span (microseconds), and in the
        stretches within it. One query.
        """
        parts: list[QuerySet[Any]] = []
        for place, (span, meters) in enumerate(spans.items()):
            parts += self._rolled(place, span, meters, with_time=with_time)
            parts += self._stretches(place, span, meters, with_time=with_time)
        found, order = Sums(), list(spans)
        if parts:
            for meter, place, what, amount in parts[0].union(*parts[1:], all=True):
                found.add((order[place], meter), what, amount or 0)
        return found

    def _rolled(
        self, place: int, span: Interval, meters: Meters, *, with_time: bool
    ) -> Iterator[QuerySet[Any]]:
        for rows in self._rollups(span):
            mine = (
                rows.filter(series__meter_id__among=meters)
                .order_by()
                .annotate(meter_id=F("series__meter_id"))
            )
            used = mine.filter(series_of_models(self.models), series__metric=self.metric)
            yield _part(used, place, Value(ROLLED, CharField()), MOVED)
            if with_time:
                times = mine.filter(series__metric=COVERAGE)
                yield _part(times, place, Concat(Value(TIME), "series__model"), MOVED)

    def _rollups(self, span: Interval) -> Iterator[QuerySet[Any]]:
        """The rows of series in the whole quarters of a span: local days where they are written, quarters
        beside.
        """
        first, last = quarters_within(span)
        if first > last:
            return
        span = (first - 1) * QUARTER, last * QUARTER
        days, beside = split(span, self.team.zone)
        if days is None or self.days_zone != self.team.time_zone:
            days, beside = None, [span]
        if days:
            yield Day.objects.filter(day__gte=days[0], day__lt=days[1])
        for start, end in beside:
            first = quarter_number(start + 1)
            yield Quarter.objects.filter(number__gte=first, number__lte=quarter_number(end))

    def _stretches(
        self, place: int, span: Interval, meters: Meters, *, with_time: bool
    ) -> Iterator[QuerySet[Any]]:
        """What lies in stretches; knots part them where a period begins or ends, so no period cuts one."""
        overlapping = Stretch.objects.of_meters(meters).overlapping(*span).order_by()
        is_inside = Q(start__gte=span[0], end__lte=span[1])
        used = Cast(Sum(SumOfModels("amounts", self.metric, **self.models)), BigIntegerField())
        yield _part(overlapping.filter(is_inside), place, Concat(Value(IN_STRETCH), "quality"), used)
        yield _part(overlapping.exclude(is_inside), place, Value(CUT, CharField()), used)
        if with_time:
            length = Least(F("end"), Value(span[1])) - Greatest(F("start"), Value(span[0]))
            time = Cast(Sum(length), BigIntegerField())
            yield _part(overlapping, place, Concat(Value(TIME), "quality"), time)


def quarters_within(span: Interval) -> Interval:
    """The numbers of the first and the last quarter that lie in a span as a whole."""
    return quarter_number(span[0]) + 1, span[1] // QUARTER


def series_of_models(models: Mapping[str, Collection[str]]) -> Q:
    """A condition on rollups for the models that `SumOfModels` would take."""
    if "only" in models:
        return Q(series__model__in=models["only"])
    without = models.get("without")
    return ~Q(series__model__in=without) if without else Q()


def _part(rows: QuerySet[Any], place: int, what: Expression, used: Expression) -> QuerySet[Any]:
    """One part of the union: the sum by meter and by what it is."""
    groups = rows.annotate(what=what).values("meter_id", "what")
    return groups.annotate(place=Value(place, IntegerField()), used=used).values_list(*PARTS)
