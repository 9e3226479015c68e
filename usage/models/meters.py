"""Meters, what they say, and when they are to be asked again."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from teams.models import Key, Team
from usage.ledger import State
from usage.ledger.codec import dump_state, load_state


class MeterQuerySet(models.QuerySet["Meter"]):
    """Answers which meters are to be asked."""

    def for_team(self, team: Team) -> Self:
        """Return the team's meters, oldest first; those merged into others count nothing."""
        return self.filter(team=team, merged_into=None).order_by("pk")

    def pollable(self) -> Self:
        """Return the meters whose key can be asked; a server without usage is asked in case it gets some."""
        mine = self.filter(key__in=Key.objects.pollable(), merged_into=None)
        return mine.exclude(status=Meter.Status.REFUSED)

    def due(self, now: datetime) -> Self:
        """Return the meters that nobody is asking and whose time has come, the longest waiting first."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.pollable().filter(free, next_poll_at__lte=now).order_by("next_poll_at")


class Meter(models.Model):
    """What a counter belongs to: one for each key today; keys of one account may come to share one.

    A key that goes leaves its meter: the numbers stay.
    """

    class Status(models.TextChoices):
        """Whether the provider tells this meter's usage."""

        ACTIVE = "active", "Polled"
        REFUSED = "refused", "Refused by the provider"
        NO_USAGE = "no_usage", "The server has no usage endpoint"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="meters")
    key = models.OneToOneField(Key, null=True, on_delete=models.SET_NULL, related_name="meter")
    name = models.CharField(max_length=80)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    next_poll_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    missed_polls = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    models_asked_at = models.DateTimeField(null=True)

    # The fold's state, and what pages ask of it most: since when and until when the meter was watched.
    state = models.JSONField(null=True)
    watched_from = models.DateTimeField(null=True)
    watched_until = models.DateTimeField(null=True)
    period_start = models.DateTimeField(null=True)
    period_end = models.DateTimeField(null=True)

    # The knot (in microseconds) on which the oldest raw polls that are kept stand; None while all are kept.
    pruned_at = models.BigIntegerField(null=True)

    # Which account is counted: where it is, and a keyed hash of the secret that was last answered.
    base_url = models.CharField(max_length=300, blank=True)
    secret_mark = models.CharField(max_length=64, blank=True)
    # The meter that counts this one's account too, since somebody said that they share one.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")
    # How often it is asked now, and since when its counters stand still.
    interval_seconds = models.PositiveIntegerField(null=True)
    idle_since = models.DateTimeField(null=True)

    objects = MeterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "next_poll_at"], name="meter_due")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """Save; a new meter counts the account that its key points to."""
        if self.key is not None and not self.base_url:
            self.base_url = self.key.base_url
        super().save(*args, **options)

    @property
    def ledger_state(self) -> State | None:
        """The state the next poll extends."""
        return load_state(self.state) if self.state else None

    @ledger_state.setter
    def ledger_state(self, state: State | None) -> None:
        self.state = dump_state(state) if state else None

    def account_ids(self) -> list[int]:
        """The meter and those merged into it."""
        return [self.pk, *self.merged.values_list("pk", flat=True)]

    def is_watched(self) -> bool:
        """Tell whether time without polls is unseen: not where the key is gone or nothing is counted."""
        gone = self.key is None or self.key.status == Key.Status.RETIRED
        return not gone and self.status != Meter.Status.NO_USAGE

    def is_blind(self) -> bool:
        """Tell whether three polls or more were missed in a row."""
        return self.missed_polls >= 3


class RawPollQuerySet(models.QuerySet["RawPoll"]):
    """Answers what a meter said, and when."""

    def readable(self) -> Self:
        """Return the answers that carry counters, in order of time."""
        return self.exclude(at=None).order_by("at")

    def after(self, meter: Meter, at: int | None) -> Self:
        """Return the meter's readable answers later than `at` (microseconds), or all.

        Answers to other keys of its account are its own.
        """
        polls = self.readable().filter(meter__in=meter.account_ids())
        return polls if at is None else polls.filter(at__gt=at)


class RawPoll(models.Model):
    """One answer as it came. `at` is its place in the ledger in microseconds; None where it has no counters.

    `slot` is the instant for which the poll was planned, in microseconds: a repeated task stores nothing
    twice, and "Poll now" right after a poll stores one more.
    """

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="polls")
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
