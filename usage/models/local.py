"""What raxdash itself ran: one line for each run, whatever became of its text."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Sum

from teams.models import Key, Team


class LocalUsageQuerySet(models.QuerySet["LocalUsage"]):
    """Answers what raxdash spent."""

    def for_team(self, team: Team) -> Self:
        """Return the team's lines."""
        return self.filter(team=team)

    def between(self, start: datetime, end: datetime) -> Self:
        """Return the lines of [start, end)."""
        return self.filter(at__gte=start, at__lt=end)

    def tokens(self) -> int:
        """Return the sum of prompt and completion tokens."""
        return self.aggregate(total=Sum(F("prompt_tokens") + F("completion_tokens")))["total"] or 0


class LocalUsage(models.Model):
    """One run's tokens, reported or estimated. `run` is a plain identifier: runs may be deleted."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="local_usage")
    key = models.ForeignKey(Key, null=True, on_delete=models.SET_NULL, related_name="local_usage")
    run = models.UUIDField()
    model = models.CharField(max_length=200)
    prompt_tokens = models.PositiveBigIntegerField()
    completion_tokens = models.PositiveBigIntegerField()
    is_reported = models.BooleanField()
    at = models.DateTimeField()

    objects = LocalUsageQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "local usage"
        constraints = [models.UniqueConstraint(fields=["run"], name="local_usage_once_per_run")]
        indexes = [
            models.Index(fields=["team", "at"], name="local_usage_of_team"),
            models.Index(fields=["key", "at"], name="local_usage_of_key"),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.prompt_tokens} + {self.completion_tokens} tokens"
