"""Stretches: what was used in time whose spread nobody saw, however long it is, in one row. Kept for ever."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models

from teams.models import Team
from usage.ledger import Quality
from usage.ledger.codec import Decoder, load_amounts
from usage.ledger.stretches import LedgerStretch
from usage.ledger.words import moment
from usage.models.meters.meter import Meter


class StretchQuerySet(models.QuerySet["Stretch"]):
    """Answers what lies in some time, of whom."""

    def for_team(self, team: Team) -> Self:
        """Return the stretches of all meters of a team, which no rollup of the team holds."""
        return self.filter(meter__team=team)

    def told_of(self, team: Team) -> Self:
        """Return what other sources than polls told of a team."""
        return self.for_team(team).filter(quality=Quality.TOLD)

    def of_meters(self, meter_ids: Iterable[int] | models.QuerySet[Any]) -> Self:
        """Return the stretches of these meters, named by their ids or by a query for them."""
        return self.filter(meter_id__among=meter_ids)

    def overlapping(self, start: int, end: int) -> Self:
        """Return those that have some time in [start, end), in microseconds."""
        return self.filter(end__gt=start, start__lt=end)


class Stretch(models.Model):
    """What the series of a meter rose by in [start, end), microseconds: {metric: {model: amount}}.

    Stretches of one meter never overlap, and no quarter, day or sum of the team holds anything of them. The
    time watched is their length in their quality. The constraint serves those that end after an instant.
    """

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="stretches", db_index=False)
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    quality = models.CharField(max_length=20, choices=[(quality, quality) for quality in Quality])
    amounts = models.JSONField(default=dict, decoder=Decoder)

    objects = StretchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stretches"
        constraints = [
            models.UniqueConstraint(fields=["meter", "end"], name="stretch_once_per_end"),
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="stretch_has_length"),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id} until {moment(self.end):%Y-%m-%d %H:%M:%S}"

    def total(self, metric: str) -> int:
        """Return what was used of a metric, of all models together."""
        return sum(self.amounts.get(metric, {}).values())

    def as_ledger(self) -> LedgerStretch:
        """The stretch in the ledger's own words."""
        return LedgerStretch(self.start, self.end, Quality(self.quality), load_amounts(self.amounts))
