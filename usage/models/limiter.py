"""The one limiter of a key, shared by web, workers and polls, and what the provider last said of limits."""

from datetime import datetime

from django.db import models

from teams.models import Key


class LimiterWindow(models.Model):
    """How much of a key's limits is taken: requests of this minute and the last, tokens held by live runs.

    `holds` is {holder: [tokens, until in seconds since 1970]}: a dead run's hold ends by itself.
    """

    key = models.OneToOneField(Key, primary_key=True, on_delete=models.CASCADE, related_name="limiter")
    minute = models.BigIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)
    requests_before = models.PositiveIntegerField(default=0)
    holds = models.JSONField(default=dict)
    blocked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"limiter of {self.key_id}"

    def requests_by(self, now: datetime) -> int:
        """How many requests raxdash sent in the last minute: a share of the minute before, and since."""
        minute, second = divmod(int(now.timestamp()), 60)
        current = self.requests if self.minute == minute else 0
        earlier = {minute: self.requests_before, minute - 1: self.requests}.get(self.minute, 0)
        return current + round(earlier * (60 - second) / 60)


class RateSample(models.Model):
    """The newest rate-limit headers of any answer to a key, with their age and where they came from."""

    key = models.OneToOneField(Key, primary_key=True, on_delete=models.CASCADE, related_name="rate_sample")
    received_at = models.DateTimeField()
    source = models.CharField(max_length=10)
    requests_limit = models.BigIntegerField(null=True)
    requests_remaining = models.BigIntegerField(null=True)
    requests_reset_at = models.DateTimeField(null=True)
    tokens_limit = models.BigIntegerField(null=True)
    tokens_remaining = models.BigIntegerField(null=True)
    tokens_reset_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"limits of {self.key_id}"
