"""What raxdash itself ran: one line for each run, whatever became of its text."""

from django.db import models

from teams.models import Key, Team


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

    class Meta:
        verbose_name_plural = "local usage"
        constraints = [models.UniqueConstraint(fields=["run"], name="local_usage_once_per_run")]
        indexes = [
            models.Index(fields=["team", "at"], name="local_usage_of_team"),
            models.Index(fields=["key", "at"], name="local_usage_of_key"),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.prompt_tokens} + {self.completion_tokens} tokens"
