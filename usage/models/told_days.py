"""Days of usage that another source than polls told: a range of dates that was asked for, or an import."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q

from usage.ledger import REQUESTS, TOKENS, UNATTRIBUTED
from usage.ledger.told_days import ToldDay as LedgerDay
from usage.ledger.words import Amounts, microseconds, moment, series_of, without_zeroes
from usage.models.meters import Meter


class ToldDayQuerySet(models.QuerySet["ToldDay"]):
    """Answers what was told of whom."""

    def of_accounts(self, meter_ids: Iterable[int]) -> Self:
        """Return the days of these meters and of those merged into them."""
        ids = list(meter_ids)
        return self.filter(Q(meter__in=ids) | Q(meter__merged_into__in=ids))


class ToldDay(models.Model):
    """What a meter used in [start, end), microseconds, as a source told it. Kept for ever, like a raw answer.

    `breakdown` is {model: [tokens, requests]}. The same day told again is the same row: the newest counts.
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
    source = models.CharField(max_length=10, choices=Source.choices)
    told_at = models.DateTimeField()

    objects = ToldDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meter", "start", "end"], name="told_day_once"),
            models.CheckConstraint(condition=Q(start__lt=models.F("end")), name="told_day_has_length"),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id} on {moment(self.start):%Y-%m-%d}"

    def as_ledger(self) -> LedgerDay:
        """The day in the ledger's own words; what its totals have beyond its models is of no model."""
        amounts: Amounts = {}
        for place, metric, total in ((0, TOKENS, self.total_tokens), (1, REQUESTS, self.total_requests)):
            named = {series_of(model, metric): counts[place] for model, counts in self.breakdown.items()}
            amounts |= named
            amounts[series_of(UNATTRIBUTED, metric)] = total - sum(named.values())
        return LedgerDay(self.start, self.end, microseconds(self.told_at), without_zeroes(amounts))
