"""What the fold keeps of a meter: knots, billing periods and annotations. Times are integer microseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from common.database.together import Reading, ask
from teams.models import Team
from usage.ledger import METRICS, REQUESTS, TOKENS, Event, Quality, State
from usage.ledger.codec import load_amounts, load_seats, state_at
from usage.ledger.grid import QUARTER
from usage.ledger.state import without_coverage
from usage.ledger.words import LedgerAnnotation, LedgerKnot, PeriodSummary, microseconds, moment
from usage.models.json_sums import SumOfModels
from usage.models.meters.meter import Meter

# A chart tells no more notes than this: the newest.
MOST_GROUPS = 200
# A period that began longer ago is not looked for; so a page costs the same whatever lies behind it.
LONGEST_PERIOD = timedelta(days=400)
NEVER = 1 << 62  # an end that was not told


def told_before(at: int) -> Q:
    """What polls before an instant told; a row without an instant of a poll was told when it stands."""
    return Q(polled_at__lt=at) | Q(polled_at=None, at__lt=at)


def told_after(at: int) -> Q:
    """What polls after an instant told."""
    return Q(polled_at__gt=at) | Q(polled_at=None, at__gt=at)


class KnotQuerySet(models.QuerySet["Knot"]):
    """Answers where a fold can be taken up again."""

    def newest_firm_before(self, meter: Meter, at: int) -> "Knot | None":
        """Return the last knot that tells of no poll from `at` on, where the fold can go on."""
        earlier = self.filter(told_before(at), meter=meter, firm=True, at__lt=at)
        return earlier.order_by("-at").first()


class Knot(models.Model):
    """F of all series of a meter at one instant: {metric: {model: amount}}.

    `polled_at` is the last poll that it tells of, None where that is `at`. `seats` are the models with a line
    of their own, None where they are all that are named; `is_exact` is what was known then of the period.
    """

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="knots")
    at = models.BigIntegerField()
    quality = models.CharField(max_length=20, choices=[(quality, quality) for quality in Quality])
    values = models.JSONField()
    period_start = models.BigIntegerField()
    period_end = models.BigIntegerField(null=True)
    firm = models.BooleanField()
    polled_at = models.BigIntegerField(null=True)
    seats = models.JSONField(null=True)
    is_exact = models.BooleanField(default=True, db_default=True)

    objects = KnotQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meter", "at"], name="knot_once_per_instant")]

    def __str__(self) -> str:
        return f"{self.meter_id} at {moment(self.at):%Y-%m-%d %H:%M:%S}"

    def as_ledger(self) -> LedgerKnot:
        """The knot in the ledger's own words."""
        values = load_amounts(self.values)
        return LedgerKnot(
            self.at,
            Quality(self.quality),
            values,
            self.period_start,
            self.period_end,
            self.firm,
            self.told_at,
            load_seats(self.seats, without_coverage(values)),
            self.is_exact,
        )

    @property
    def told_at(self) -> int:
        """The instant of the last poll that it tells of, in microseconds."""
        return self.at if self.polled_at is None else self.polled_at

    def ledger_state(self) -> State:
        """The state of the fold after the poll that put this knot."""
        period = Period.objects.get(meter_id=self.meter_id, start=self.period_start)
        return state_at(self.as_ledger(), period.as_ledger())


def boundary_moved() -> Q:
    """Whether the provider moved a boundary of a period, at its begin too: its sum is a lower bound."""
    superseded = Period.objects.filter(superseded=True)
    before = superseded.filter(meter=OuterRef("meter"), end=OuterRef("start"), start__lt=OuterRef("start"))
    # Of hardly any meter a period was superseded: of which ones is asked once, not of each period.
    return Q(exact=False) | (Q(meter__in=superseded.values("meter")) & Q(Exists(before)))


class EndOrNever(models.Func):
    """The end of a period; where none was told, later than all times. An index is of just these words."""

    template = f"COALESCE(%(expressions)s, {NEVER})"
    output_field = models.BigIntegerField()


class PeriodQuerySet(models.QuerySet["Period"]):
    """Answers about billing periods."""

    def for_team(self, team: Team) -> Self:
        """Return the periods of the team's meters that still stand, newest first."""
        return self.filter(meter__team=team, meter__merged_into=None, superseded=False).order_by("-start")

    def parted(self) -> Self:
        """Return the parts of those of which somebody said that their counter began again."""
        return self.filter(told_start__isnull=False, superseded=False)

    def touching(
        self, start: datetime, end: datetime, *, has_parts: bool = True, ended_after: int = 0
    ) -> Any:
        """Return those that have some time in [start, end), as they were told, in no order; see `as_told`.
        Of those without parts only what `ended_after` an instant (microseconds).
        """
        # Before anything is asked of each row: of most it is told by its own columns. By their ends few have
        # to be looked at, by when they began all of a year: only the ends are told as an index has them.
        parted = Q(meter__in=Period.objects.parted().values("meter")) if has_parts else Q()
        first = max(microseconds(start), ended_after)
        own = self.alias(until=EndOrNever("end")).filter(parted | Q(until__gt=first))
        # To Django a sum of large integers is a small one, which no instant fits into.
        begun = ExpressionWrapper(F("start") + 0, models.BigIntegerField())
        told = own.alias(since=begun).filter(since__gte=microseconds(start - LONGEST_PERIOD))
        # The second part of a period has some of all its time, also of what was before it began.
        told = told.filter(parted | Q(since__lt=microseconds(end)))
        told = told.as_told(has_parts=has_parts).order_by()
        if not has_parts:
            return told
        told = told.filter(began__lt=microseconds(end))
        return told.filter(Q(ended__gt=microseconds(start)) | Q(ended=None))

    def as_told(self, *, has_parts: bool = True) -> Any:
        """Annotate `began` and `ended`: from when to when the provider says that the period lasts.

        Where somebody said that its counter began again, its parts are several rows, alike in both. Who knows
        that nobody did of any counter of the team, says so (`Facts.parted`): then it costs nothing.
        """
        if not has_parts:
            return self.annotate(began=F("start"), ended=F("end"))
        parts = Period.objects.filter(meter=OuterRef("meter"), told_start=OuterRef("began"), superseded=False)
        last = Subquery(parts.order_by("-start").values("end")[:1])
        # Hardly any meter has parts: which ones do is asked once, not of each period.
        has_others = Q(meter__in=Period.objects.parted().values("meter")) & Exists(parts)
        periods = self.annotate(began=Coalesce("told_start", "start"))
        return periods.annotate(ended=Case(When(has_others, then=last), default=F("end")))


class Period(models.Model):
    """A billing period of a meter: F at its start, its last counters, the tail nobody saw.

    `told_start` is where the provider says that it began, None where that is `start`.
    """

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="periods")
    start = models.BigIntegerField()
    end = models.BigIntegerField(null=True)
    opening = models.JSONField(default=dict)
    counters = models.JSONField(default=dict)
    last_at = models.BigIntegerField()
    tail = models.BigIntegerField(default=0)
    exact = models.BooleanField(default=True)
    superseded = models.BooleanField(default=False)
    told_start = models.BigIntegerField(null=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meter", "start"], name="period_once_per_start")]
        indexes = [
            models.Index(
                fields=["meter", "told_start"],
                condition=Q(told_start__isnull=False),
                name="period_parts",
            ),
            models.Index(fields=["meter", "end"], condition=Q(superseded=True), name="period_superseded"),
            models.Index("meter", EndOrNever("end"), name="period_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id} from {moment(self.start):%Y-%m-%d}"

    def as_ledger(self) -> PeriodSummary:
        """The period in the ledger's own words."""
        opening, counters = load_amounts(self.opening), load_amounts(self.counters)
        return PeriodSummary(
            self.start,
            self.start if self.told_start is None else self.told_start,
            self.end,
            opening,
            counters,
            self.last_at,
            self.tail,
            self.exact,
            self.superseded,
        )


@dataclass(frozen=True, slots=True)
class AnnotationGroup:
    """The same event at some meters within one quarter of an hour; `at` is the first of them, in
    microseconds, `names` are the first and the last by name, `count` is how many meters there are, `amounts`
    what is noted with it, by metric: what was taken back, below zero.
    """

    event: Event
    at: int
    names: tuple[str, str]
    count: int
    amounts: Mapping[str, int]


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    """Answers what a chart must tell beside its bars."""

    def grouped(self, team: Team, start: datetime, end: datetime) -> Reading[Sequence[AnnotationGroup]]:
        """Read what was noted of the team's meters in [start, end), oldest first: the newest groups.
        One step.

        The keys of a company begin their periods together; they are one note, whatever their number.
        """
        span = {"at__gt": microseconds(start), "since__lt": microseconds(end)}
        name = Coalesce("meter__key__name", "meter__name")
        groups = (
            self.filter(meter__team=team, meter__merged_into=None, **span)
            .annotate(quarter=F("at") / QUARTER)
            .values("quarter", "event")
            .annotate(first_at=Min("at"), first=Min(name), last=Max(name))
            .annotate(count=Count("meter", distinct=True))
            .annotate(tokens=_taken_back(TOKENS), requests=_taken_back(REQUESTS))
            .order_by("-quarter", "-first_at", "event")
        )
        newest = yield from ask(groups[:MOST_GROUPS])
        return tuple(map(_group, reversed(newest)))


def _group(group: Mapping[str, Any]) -> AnnotationGroup:
    names, amounts = (group["first"], group["last"]), {metric: group[metric] for metric in METRICS}
    return AnnotationGroup(Event(group["event"]), group["first_at"], names, group["count"], amounts)


def _taken_back(metric: str) -> Sum:
    """What corrections took back; nothing else is added up, so that many rollovers cost nothing."""
    return Sum(SumOfModels("amounts", metric), filter=Q(event=Event.CORRECTION), default=0)


class Annotation(models.Model):
    """Something a reader of the numbers must know about (since, at].

    It was found with the poll of `polled_at`, None where that is `at`.
    """

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="annotations")
    event = models.CharField(max_length=20, choices=[(event, event) for event in Event])
    since = models.BigIntegerField()
    at = models.BigIntegerField()
    amounts = models.JSONField(default=dict)
    polled_at = models.BigIntegerField(null=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["meter", "at"], name="annotation_chart")]

    def __str__(self) -> str:
        return f"{self.event} at {moment(self.at):%Y-%m-%d %H:%M:%S}"

    def as_ledger(self) -> LedgerAnnotation:
        """The annotation in the ledger's own words."""
        polled_at = self.at if self.polled_at is None else self.polled_at
        return LedgerAnnotation(Event(self.event), self.since, self.at, polled_at, load_amounts(self.amounts))
