"""A report as it was: its numbers, word for word, whatever the ledger learns later."""

from typing import Self

from django.db import models

from teams.models import Team


class FrozenReportQuerySet(models.QuerySet["FrozenReport"]):
    """Answers which reports a team froze."""

    def for_team(self, team: Team) -> Self:
        """Return the team's frozen reports, newest first."""
        return self.filter(team=team).order_by("-frozen_at", "-pk")


class FrozenReport(models.Model):
    """The numbers of a span as they stood when somebody froze them: canonical JSON and its SHA-256.

    `generation` is the team's then: where it is still the same, nothing can have changed.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="frozen_reports")
    title = models.CharField(max_length=200)
    frozen_at = models.DateTimeField()
    generation = models.BigIntegerField()
    numbers = models.TextField()
    digest = models.CharField(max_length=64)

    objects = FrozenReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "frozen_at"], name="frozen_of_team")]

    def __str__(self) -> str:
        return self.title
