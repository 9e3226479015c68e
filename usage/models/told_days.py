"""Days of usage that another source than polls told: a range of dates that was asked for, or an import."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q

from usage.ledger import REQUESTS, TOKENS, UNATTRIBUTED
from usage.ledger.told_days import ToldDay as LedgerDay
from usage.ledger.words import Amounts, microseconds, moment, series_of, without_zeroes
from usage.models.meters.meter import Meter


class ToldDayQuerySet(models.QuerySet["ToldDay"]):
    """Answers what was told of whom."""

    def of_accounts(self, meter_ids: Iterable[int]) -> Self:
        """Return the days of these meters and of those merged into them, as far as they count."""
        ids = list(meter_ids)
        return self.filter(Q(meter__in=ids) | Q(meter__merged_into__in=ids), is_counted=True)

    def waiting(self, root_id: int, origin_id: int) -> Self:
        """Return the days of an import that do not count yet, of an account."""
        account = Q(meter=root_id) | Q(meter__merged_into=root_id)
        return self.filter(account, origin=origin_id, is_counted=False)


class ToldDay(models.Model):
    """What a meter used in [start, end), microseconds, as a source told it. Kept for ever, like a raw answer.

    `breakdown` is {model: [tokens, requests]}. Of a metric that is not told the numbers are 0, and
    `tells_tokens` or `tells_requests` is false. `cost` is in millionths, and `cost_metric` names its currency
    as the ledger does. Days of an import (`origin`) count once that is taken in, and go with it. A day may be
    told by several imports; the newest counts.
    """

    class Source(models.TextChoices):
        """Who told it."""

        DATE_RANGE = "date_range", "The provider, asked for dates"
        IMPORT = "import", "Imported"

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="told_days", db_index=False)
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    total_tokens = models.BigIntegerField()
    total_requests = models.BigIntegerField()
    breakdown = models.JSONField(default=dict)
    tells_tokens = models.BooleanField(default=True, db_default=True)
    tells_requests = models.BooleanField(default=True, db_default=True)
    cost = models.BigIntegerField(null=True)
    # The metric that it is a cost of, such as "cost:EUR".
    cost_metric = models.CharField(max_length=40, blank=True, db_default="")
    source = models.CharField(max_length=10, choices=Source.choices)
    told_at = models.DateTimeField()
    origin = models.ForeignKey(
        "usage.Import", null=True, on_delete=models.CASCADE, related_name="days", db_index=False
    )
    is_counted = models.BooleanField(default=True, db_default=True)

    objects = ToldDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meter", "start", "end"], condition=Q(origin=None), name="told_day_once"
            ),
            models.UniqueConstraint(
                fields=["origin", "meter", "start", "end"], name="told_day_once_per_import"
            ),
            models.CheckConstraint(condition=Q(start__lt=models.F("end")), name="told_day_has_length"),
        ]
        indexes = [models.Index(fields=["meter", "start"], name="told_day_of_meter")]

    def __str__(self) -> str:
        return f"{self.meter_id} on {moment(self.start):%Y-%m-%d}"

    def as_ledger(self) -> LedgerDay:
        """The day in the ledger's own words; what its totals have beyond its models is of no model."""
        amounts: Amounts = {}
        for place, metric, total in self._totals():
            named = {series_of(model, metric): counts[place] for model, counts in self.breakdown.items()}
            amounts |= named
            amounts[series_of(UNATTRIBUTED, metric)] = total - sum(named.values())
        metrics = {metric for _, metric, _ in self._totals()}
        if self.cost is not None:
            amounts[series_of(UNATTRIBUTED, self.cost_metric)] = self.cost
            metrics.add(self.cost_metric)
        return LedgerDay(
            self.start,
            self.end,
            microseconds(self.told_at),
            without_zeroes(amounts),
            frozenset(metrics),
        )

    def _totals(self) -> list[tuple[int, str, int]]:
        """(place in the breakdown, metric, total) of what is told."""
        return [
            *([(0, TOKENS, self.total_tokens)] if self.tells_tokens else ()),
            *([(1, REQUESTS, self.total_requests)] if self.tells_requests else ()),
        ]
