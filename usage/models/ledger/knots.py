"""What a meter's counters came to at an instant. Times are integer microseconds."""

from django.db import models
from django.db.models import Q

from usage.ledger import Quality, State
from usage.ledger.codec import load_amounts, load_seats, state_at
from usage.ledger.state import without_coverage
from usage.ledger.words import LedgerKnot, moment
from usage.models.ledger.periods import Period
from usage.models.meters.meter import Meter


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
