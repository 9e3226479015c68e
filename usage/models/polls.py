"""What meters said, and what keys were answered to `/models`: raw, and when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from teams.models import Key, Team


class PollBodyQuerySet(models.QuerySet["PollBody"]):
    """Answers which bodies are needed."""

    def unneeded(self) -> Self:
        """Return the bodies that no poll, and no list of models, refers to any more."""
        referring = (rows.objects.filter(body=OuterRef("pk")) for rows in (RawPoll, ModelListing))
        return self.filter(*(~Exists(rows) for rows in referring))


class PollBody(models.Model):
    """What a provider sent, as it came but for the key: once for a team, however many polls it answered.

    `hash` is the SHA-256 of its bytes, `size` how many they are; `is_cut` says that more came than is kept.
    Of a list of models that is what was read of it.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="poll_bodies")
    hash = models.CharField(max_length=64)
    text = models.TextField()
    size = models.PositiveIntegerField()
    is_cut = models.BooleanField()
    first_seen_at = models.DateTimeField()

    objects = PollBodyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "poll bodies"
        constraints = [models.UniqueConstraint(fields=["team", "hash"], name="poll_body_once_in_a_team")]
        indexes = [models.Index(fields=["team", "first_seen_at"], name="poll_body_retention")]

    def __str__(self) -> str:
        return f"{self.size} bytes since {self.first_seen_at:%Y-%m-%d %H:%M:%S}"


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
    twice, and "Poll now" right after a poll stores one more. `body_hash` is of the body that came; there is
    no `body` where none came or it was not kept. `provider_date` is the provider's own clock. `cost` is the
    text of what the period has cost, to the last digit, in `currency`; None where it was not told.
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
    # Bodies go when nobody refers to them; so nothing is looked up here when they do.
    body = models.ForeignKey(
        PollBody, null=True, on_delete=models.DO_NOTHING, related_name="polls", db_index=False
    )
    provider_date = models.DateTimeField(null=True)
    # Absent is not empty here, and a column that may be absent is added without writing a row again.
    cost = models.CharField(max_length=60, null=True)  # noqa: DJ001
    cost_millionths = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=16, null=True)  # noqa: DJ001

    objects = RawPollQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meter", "slot"], name="raw_poll_once_per_slot")]
        indexes = [
            models.Index(fields=["meter", "at"], name="raw_poll_refold"),
            models.Index(fields=["body"], condition=Q(body__isnull=False), name="raw_poll_of_body"),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id} at {self.started_at:%Y-%m-%d %H:%M:%S}"


class ModelListingQuerySet(models.QuerySet["ModelListing"]):
    """Answers what was listed when."""

    def of_team(self, team: Team) -> Self:
        """Return all of a team's, in the order in which they came."""
        return self.filter(key__team=team).order_by("pk")

    def before(self, at: datetime) -> Self:
        """Return those that ended before an instant and are not the last ones of their keys."""
        later = ModelListing.objects.filter(key=OuterRef("key"), pk__gt=OuterRef("pk"))
        return self.filter(Exists(later), last_at__lt=at)


class ModelListing(models.Model):
    """A list of models as a key was answered it from `since` to `last_at`, again and again.

    Another list is another row, and so is one by which the catalogue changed, or the same one after a gap.
    `digest` is of what was read; there is no `body` where it was past the bound of what is kept. `is_first`
    where the key was told of no model before.
    """

    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="model_listings", db_index=False)
    base_url = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    # As with polls.
    body = models.ForeignKey(
        PollBody, null=True, on_delete=models.DO_NOTHING, related_name="listings", db_index=False
    )
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    is_first = models.BooleanField()

    objects = ModelListingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["key", "-id"], name="model_listing_of_key"),
            models.Index(fields=["last_at"], name="model_listing_retention"),
            models.Index(fields=["body"], condition=Q(body__isnull=False), name="model_listing_of_body"),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} since {self.since:%Y-%m-%d %H:%M:%S}"
