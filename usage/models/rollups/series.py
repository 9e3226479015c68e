"""The lines of meters: what each series came to in quarters and on days in which it moved."""

from collections.abc import Iterable
from typing import Self

from django.db import models

from usage.models.meters.meter import Meter


class SeriesQuerySet(models.QuerySet["Series"]):
    """Answers which lines a set of meters has."""

    def of_meters(self, meter_ids: Iterable[int]) -> Self:
        """Return all series of these meters."""
        return self.filter(meter_id__among=meter_ids)


class Series(models.Model):
    """(meter, model, metric): one line of the ledger."""

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="series")
    model = models.CharField(max_length=200)
    metric = models.CharField(max_length=10)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(fields=["meter", "metric", "model"], name="series_once_per_meter")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.metric}"


class Quarter(models.Model):
    """F of a series at the start and end of a quarter in which it moved, beside what lies in stretches.

    The primary key serves ranges.
    """

    pk = models.CompositePrimaryKey("series_id", "number")
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="quarters", db_index=False)
    number = models.IntegerField()
    opening = models.BigIntegerField()
    value = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.series_id} in quarter {self.number}"


class Day(models.Model):
    """A day of its team's zone in which a series moved: F when it began to, and that with what it rose by.

    What it rose by is the sum of its quarters: a stretch within the day belongs to no day.
    """

    pk = models.CompositePrimaryKey("series_id", "day")
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    opening = models.BigIntegerField()
    value = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.series_id} on {self.day}"
