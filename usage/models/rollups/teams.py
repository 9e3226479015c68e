"""What a whole team used, by time, and the zone that its days are written in."""

from typing import Self

from django.db import models
from django.db.models import F

from teams.models import Team
from usage.models.rollups.sums import DaySum, QuarterSum


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


class TeamModel(models.Model):
    """A model that some key of a team used, in the order of the first use: colours follow it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    model = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "model"], name="team_model_once")]

    def __str__(self) -> str:
        return self.model


class TeamQuarter(QuarterSum):
    """What a whole team used of a model in a quarter: as cheap with 500 keys as with one."""

    pk = models.CompositePrimaryKey("team_id", "metric", "number", "model")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)


class TeamDay(DaySum):
    """What a whole team used of a model on a day of its zone."""

    pk = models.CompositePrimaryKey("team_id", "metric", "day", "model")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
