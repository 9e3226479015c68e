"""Rollups: what pages read. They cost what is drawn, never what lies behind it.

Watched time is counted like tokens: metric `coverage`, one model per quality, in microseconds.
A quarter is named by its end, as a number of quarter hours since 1970 (UTC).
"""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F

from teams.models import Team
from usage.models.meters.meter import Meter
from usage.models.sums import DaySum, QuarterSum


class CalendarQuerySet(models.QuerySet["Calendar"]):
    """Answers whose days cannot be read."""

    def stale(self) -> Self:
        """Return those of teams that moved to another zone and whose days are not all written in it."""
        return self.exclude(time_zone=F("team__time_zone"), is_complete=True)


class Calendar(models.Model):
    """The zone in which a team's days are written. Where the team has moved on, they are to be made again.

    `is_complete` is false while they are made: then some days are still of the zone before.
    """

    team = models.OneToOneField(Team, primary_key=True, on_delete=models.CASCADE, related_name="calendar")
    time_zone = models.CharField(max_length=64)
    is_complete = models.BooleanField(default=True, db_default=True)

    objects = CalendarQuerySet.as_manager()

    def __str__(self) -> str:
        return self.time_zone


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


class TeamModel(models.Model):
    """A model that some key of a team used, in the order of the first use: colours follow it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    model = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "model"], name="team_model_once")]

    def __str__(self) -> str:
        return self.model


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


class TeamQuarter(QuarterSum):
    """What a whole team used of a model in a quarter: as cheap with 500 keys as with one."""

    pk = models.CompositePrimaryKey("team_id", "metric", "number", "model")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)


class TeamDay(DaySum):
    """What a whole team used of a model on a day of its zone."""

    pk = models.CompositePrimaryKey("team_id", "metric", "day", "model")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
