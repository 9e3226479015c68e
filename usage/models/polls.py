"""What a meter said, raw, and when."""

from collections.abc import Iterable
from typing import Self

from django.db import models


class RawPollQuerySet(models.QuerySet["RawPoll"]):
    """Answers what a meter said, and when."""

    def readable(self) -> Self:
        """Return the answers that carry counters, in order of time."""
        return self.exclude(at=None).order_by("at")

    def after(self, meter_ids: Iterable[int], at: int | None) -> Self:
        """Return the readable answers to these meters, those of one account, later than `at`, or all.

        `at` is in microseconds.
        """
        polls = self.readable().filter(meter__in=meter_ids)
        return polls if at is None else polls.filter(at__gt=at)


class RawPoll(models.Model):
    """One answer as it came. `at` is its place in the ledger in microseconds; None where it has no counters.

    `slot` is the instant for which the poll was planned, in microseconds: a repeated task stores nothing
    twice, and "Poll now" right after a poll stores one more.
    """

    meter = models.ForeignKey("usage.Meter", on_delete=models.CASCADE, related_name="polls")
    slot = models.BigIntegerField()
    at = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    interval_seconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    period_start = models.DateTimeField(null=True)
    period_end = models.DateTimeField(null=True)
    total_tokens = models.BigIntegerField(null=True)
    total_requests = models.BigIntegerField(null=True)
    breakdown = models.JSONField(default=dict)
    limits = models.JSONField(default=dict)
    body_hash = models.CharField(max_length=64, blank=True)

    objects = RawPollQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meter", "slot"], name="raw_poll_once_per_slot")]
        indexes = [models.Index(fields=["meter", "at"], name="raw_poll_refold")]

    def __str__(self) -> str:
        return f"{self.meter_id} at {self.started_at:%Y-%m-%d %H:%M:%S}"
