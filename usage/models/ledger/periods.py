"""Billing periods of meters, as they were told and as they stand. Times are integer microseconds."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from teams.models import Team
from usage.ledger.codec import load_amounts
from usage.ledger.words import PeriodSummary, microseconds, moment
from usage.models.meters.meter import Meter

# A period that began longer ago is not looked for; so a page costs the same whatever lies behind it.
LONGEST_PERIOD = timedelta(days=400)
NEVER = 1 << 62  # an end that was not told
# When a period began. To Django a sum of large integers is a small one, which no instant fits into; and no
# index is of it: those of ends hold fewer rows.
BEGUN = ExpressionWrapper(F("start") + 0, models.BigIntegerField())

# An instant that is known, or that the database is told when it is asked (see common/database/prepared.py).
type Microseconds = int | Combinable


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
        first, earliest = max(microseconds(start), ended_after), microseconds(start - LONGEST_PERIOD)
        if not has_parts:
            return self.without_parts(first, earliest, microseconds(end))
        parted = Q(meter__in=Period.objects.parted().values("meter"))
        own = self.alias(until=EndOrNever("end")).filter(parted | Q(until__gt=first))
        told = own.alias(since=BEGUN).filter(since__gte=earliest)
        # The second part of a period has some of all its time, also of what was before it began.
        told = told.filter(parted | Q(since__lt=microseconds(end))).as_told().order_by()
        told = told.filter(began__lt=microseconds(end))
        return told.filter(Q(ended__gt=microseconds(start)) | Q(ended=None))

    def without_parts(self, first: Microseconds, earliest: Microseconds, until: Microseconds) -> Any:
        """Return those that ended after `first`, or did not, and began from `earliest` to before `until`, as
        they were told where no counter of the team began again within a period.
        """
        own = self.alias(until=EndOrNever("end")).filter(until__gt=first)
        told = own.alias(since=BEGUN).filter(since__gte=earliest, since__lt=until)
        return told.as_told(has_parts=False).order_by()

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
            # Few keys: of each its own. Very many: of all those that go on.
            models.Index("meter", EndOrNever("end"), name="period_ends"),
            models.Index(EndOrNever("end"), "meter", name="period_last"),
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
