"""What raxdash itself ran: one line for each run, whatever became of its text."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Value
from django.db.models.functions import Least

from teams.models import Key, Team

# No run uses more, whatever a server says; so sums stay within the database's integers.
MOST_OF_A_RUN = 1 << 50


class LocalUsageQuerySet(models.QuerySet["LocalUsage"]):
    """Answers what raxdash itself spent; a line is one request."""

    def between(self, start: datetime, end: datetime) -> Self:
        """Return what was spent in [start, end)."""
        return self.filter(at__gte=start, at__lt=end)

    def with_tokens(self) -> Self:
        """Name `tokens` what a run spent in all, and `input_tokens` what of it was read, for sums: no server
        makes them overflow.
        """
        most = Value(MOST_OF_A_RUN)
        read = Least("prompt_tokens", most)
        return self.alias(input_tokens=read, tokens=read + Least("completion_tokens", most))


class LocalUsage(models.Model):
    """One run's tokens, reported or estimated: who spent them, with what.

    `run` and `member_id`, the id of a user, are plain identifiers: what was spent outlives both. Nobody is
    named where a version that did not write it down, or no person, spent.
    """

    class Source(models.TextChoices):
        """What asked the API."""

        PLAYGROUND = "playground", "Playground"
        SUITE = "suite", "Suite"
        JUDGE = "judge", "Judge"
        API = "api", "API"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="local_usage")
    key = models.ForeignKey(Key, null=True, on_delete=models.SET_NULL, related_name="local_usage")
    run = models.UUIDField()
    member_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=12, choices=Source, db_default=Source.PLAYGROUND)
    model = models.CharField(max_length=200)
    prompt_tokens = models.PositiveBigIntegerField()
    completion_tokens = models.PositiveBigIntegerField()
    is_reported = models.BooleanField()
    at = models.DateTimeField()

    objects = LocalUsageQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "local usage"
        constraints = [
            models.UniqueConstraint(fields=["run"], name="local_usage_once_per_run"),
        ]
        indexes = [
            models.Index(fields=["team", "at"], name="local_usage_of_team"),
            models.Index(fields=["key", "at"], name="local_usage_of_key"),
            models.Index(fields=["team", "member_id", "at"], name="local_usage_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.prompt_tokens} + {self.completion_tokens} tokens"
