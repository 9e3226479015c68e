"""Cohorts: what several meters used together on some days, so that pages of many keys read few rows.

They hold nothing that quarters do not: whatever of them is missing is read from the meters themselves.
"""

from django.db import models

from teams.models import Team
from usage.models.rollups.sums import DaySum, QuarterSum


class Cohort(models.Model):
    """Some meters of a team, always the same: their keys had one owner, project and labels on some day.

    `unused_since` is when no settled day named it any more; None while one does.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    fingerprint = models.CharField(max_length=64)
    meters = models.JSONField()
    unused_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "fingerprint"], name="cohort_once_in_team")]

    def __str__(self) -> str:
        return f"{len(self.meters)} meters of {self.team_id}"


class SettledDay(models.Model):
    """A day of a team's zone of which `cohorts`, their primary keys, hold what their meters used, once it
    `is_summed`. Whoever changes a quarter of the day adds the same to them, or deletes the row.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    time_zone = models.CharField(max_length=64)
    cohorts = models.JSONField()
    is_summed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "day"], name="settled_day_once")]

    def __str__(self) -> str:
        return f"{self.team_id} on {self.day}"


class CohortQuarter(QuarterSum):
    """What the meters of a cohort used of a model in a quarter of a settled day."""

    pk = models.CompositePrimaryKey("cohort_id", "metric", "number", "model")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+", db_index=False)


class CohortDay(DaySum):
    """What the meters of a cohort used of a model on a settled day."""

    pk = models.CompositePrimaryKey("cohort_id", "metric", "day", "model")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+", db_index=False)
