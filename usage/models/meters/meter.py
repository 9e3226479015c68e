"""Meters, what they say, and when they are to be asked again."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from common import clock
from common.database.together import Reading, ask, read
from teams.models import Key, Team
from usage.ledger import RULES, State
from usage.ledger.codec import Decoder, dump_state, load_state
from usage.ledger.words import moment
from usage.models.hosts import host_of
from usage.models.meters import lateness, troubles
from usage.models.meters.facts import Facts
from usage.models.meters.sums import in_sums
from usage.models.polls import RawPoll

# Longer than a batch of polls can take: they end at their deadlines.
LEASE = timedelta(seconds=120)


class MeterQuerySet(models.QuerySet["Meter"]):
    """Answers which meters are to be asked, and sums up a team's without reading each."""

    def for_team(self, team: Team) -> Self:
        """Return the team's meters, oldest first; those merged into others count nothing."""
        return self.filter(team=team, merged_into=None).order_by("pk")

    def counted(self) -> Self:
        """Return the meters that are no drafts of others."""
        return self.exclude(status=Meter.Status.DRAFT)

    def outdated(self) -> Self:
        """Return the meters of which something was folded under older rules."""
        older = Q(rules=None) | Q(rules__lt=RULES)
        # Those merged into others have no state; asking for that alone keeps to the index of rules.
        return self.counted().filter(older, state__isnull=False)

    def pollable(self) -> Self:
        """Return the meters whose key can be asked; a server without usage is asked in case it gets some."""
        mine = self.filter(key__in=Key.objects.usable(), merged_into=None)
        return mine.exclude(status=Meter.Status.REFUSED)

    def troubled(self) -> Self:
        """Return the meters of keys in use that have not told their usage."""
        return self.filter(troubles.is_troubled())

    def partly_read(self) -> Self:
        """Return the meters whose newest answer counts, but for parts that cannot be read."""
        return self.filter(troubles.is_partly_read())

    def ended(self) -> Self:
        """Return the meters whose billing period is over, of which no newer one was told."""
        return self.filter(lateness.has_ended())

    def fallen(self) -> Self:
        """Return the meters whose counter fell, while it is waited whether that stays."""
        return self.filter(troubles.has_fallen())

    def facts(self, now: datetime, polled_at: datetime | None = None) -> Facts:
        """Sum up what pages ask of these meters, in one query; `polled_at` is when "Poll now" was pressed."""
        return read(self.reading_facts(now, polled_at))

    def reading_facts(self, now: datetime, polled_at: datetime | None = None) -> Reading[Facts]:
        """The same as a reading. Meters that are alike are one row: all of a company's, as a rule."""
        return Facts.of((yield from ask(in_sums(self, now, _is_behind(polled_at)))))

    def facts_of_each(self, now: datetime) -> Reading[dict[int, Facts]]:
        """Return what pages ask of each of these meters, by id, as a reading; one step."""
        rows = yield from ask(in_sums(self, now, _is_behind(None), meter=F("pk")))
        return {row["meter"]: Facts.of([row]) for row in rows}

    def ripe(self, now: datetime) -> Self:
        """Return the meters that can be asked and whose time has come; what a clock that was ahead planned
        for them does not count.
        """
        return self.pollable().filter(Q(next_poll_at__lte=now) | clock.ahead("planned_at", now))

    def due(self, now: datetime) -> Self:
        """Return the meters that nobody is asking and whose time has come, the longest waiting first."""
        return self.ripe(now).free(now).order_by("next_poll_at")

    def free(self, now: datetime) -> Self:
        """Return the meters that nobody is asking."""
        free = Q(lease_until=None) | clock.over("lease_until", now, LEASE)
        return self.filter(free)

    def with_new_secret(self) -> Self:
        """Annotate `has_new_secret`: the key got another secret, at the same address, after a poll."""
        polls = RawPoll.objects.filter(meter=OuterRef("pk"), at__isnull=False).order_by("at")
        replaced = Q(key__secret_set_at__gt=F("first_polled_at"), key__base_url=F("base_url"))
        living = ~Q(key__status=Key.Status.RETIRED)
        return self.annotate(
            first_polled_at=Subquery(polls.values("started_at")[:1]),
            has_new_secret=Case(When(replaced & living, then=True), default=False),
        )

    def renewed(self) -> Self:
        """Return those whose key has a new secret."""
        return self.with_new_secret().filter(Q(has_new_secret=True))

    def notable_first(self) -> Self:
        """Return accounts of several keys first, then keys with a new secret, then the others; by name."""
        several = Exists(Meter.objects.counted().filter(merged_into=OuterRef("pk")))
        name = Coalesce("key__name", "name")
        order = several.desc(), F("has_new_secret").desc(), name, "pk"
        return self.with_new_secret().order_by(*order)


class Meter(models.Model):
    """What a counter belongs to: one for each key today; keys of one account may come to share one.

    A key that goes leaves its meter: the numbers stay. `fields` says who writes which of them.
    """

    class Status(models.TextChoices):
        """Whether the provider tells this meter's usage."""

        ACTIVE = "active", "Polled"
        REFUSED = "refused", "Refused by the provider"
        NO_USAGE = "no_usage", "The server has no usage endpoint"
        # It counts for nobody: another meter is counted anew in it (see books/draft.py).
        DRAFT = "draft", "Being counted"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="meters")
    key = models.OneToOneField(Key, null=True, on_delete=models.SET_NULL, related_name="meter")
    name = models.CharField(max_length=80)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # When it is asked next (a closing poll waits then for its own instant), and when that was decided.
    next_poll_at = models.DateTimeField()
    closing_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    missed_polls = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    failing_since = models.DateTimeField(null=True)  # the first poll that failed since one told something
    # Why the newest answer cannot be used, or which parts of it cannot be read though it counts; in words.
    answer_error = models.CharField(max_length=200, blank=True, db_default="")
    unread_parts = models.CharField(max_length=500, blank=True, db_default="")
    # The metric of which the newest answer that counts tells no total.
    untold = models.CharField(max_length=10, blank=True, db_default="")
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    models_asked_at = models.DateTimeField(null=True)
    # How many seconds our clock is ahead of the provider's: what the last answers told, and the middle one.
    clock_samples = models.JSONField(null=True)
    clock_difference = models.FloatField(null=True)

    # The fold's state, and what pages ask of it most: since when and until when the meter was watched.
    state = models.JSONField(null=True, decoder=Decoder)
    # The oldest rules under which any of it was folded; None are those that had no name yet.
    rules = models.PositiveSmallIntegerField(null=True)
    watched_from = models.DateTimeField(null=True)
    watched_until = models.DateTimeField(null=True)
    period_start = models.DateTimeField(null=True)
    period_end = models.DateTimeField(null=True)
    # What the provider counts in that period, the part without a model, and whether its boundary stood still.
    period_tokens = models.BigIntegerField(null=True)
    period_requests = models.BigIntegerField(null=True)
    unattributed_tokens = models.BigIntegerField(default=0, db_default=0)
    unattributed_requests = models.BigIntegerField(default=0, db_default=0)
    is_exact = models.BooleanField(default=True, db_default=True)
    # By how much the newest answers tell less than is counted, while it is waited whether that stays.
    fallen_tokens = models.BigIntegerField(null=True)
    # How much of its nearest limit was used when it was last polled, 0 to 1 and beyond; None without a limit.
    limit_share = models.FloatField(null=True)
    # When the first of its limits is used up, as it looked then; None where all last until they begin anew.
    runs_out_at = models.DateTimeField(null=True)

    # The knot (in microseconds) on which the oldest raw polls that are kept stand; None while all are kept.
    pruned_at = models.BigIntegerField(null=True)

    # The day (UTC) of its newest large body, and how many bytes of large bodies were kept on it.
    bodies_on = models.DateField(null=True)
    body_bytes = models.PositiveBigIntegerField(default=0, db_default=0)

    # Which account is counted: where it is, and a keyed fingerprint of the secret that was last answered.
    base_url = models.CharField(max_length=300, blank=True)
    host = models.CharField(max_length=300, blank=True, db_default="", editable=False)
    secret_fingerprint = models.CharField(max_length=64, blank=True, db_column="secret_mark")
    # The meter that counts this one's account too, since somebody said that they share one.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")
    # Its ledger is being counted anew: until that is done its answers are stored raw.
    is_held = models.BooleanField(default=False, db_default=False)
    # How often it is asked now, and since when its counters stand still.
    interval_seconds = models.PositiveIntegerField(null=True)
    idle_since = models.DateTimeField(null=True)

    objects = MeterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "next_poll_at"], name="meter_due"),
            models.Index(fields=["rules"], name="meter_rules"),
            models.Index(fields=["host"], name="meter_host"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """Save; a new meter counts the account that its key points to."""
        if self.key is not None and not self.base_url:
            self.base_url = self.key.base_url
        self.host = host_of(self.base_url)
        super().save(*args, **options)

    @property
    def ledger_state(self) -> State | None:
        """The state the next poll extends."""
        return load_state(self.state) if self.state else None

    @ledger_state.setter
    def ledger_state(self, state: State | None) -> None:
        self.state = dump_state(state) if state else None

    @property
    def title(self) -> str:
        """What its key is called now; the meter's own name where the key is gone."""
        return self.key.name if self.key else self.name

    def is_outdated(self) -> bool:
        """Tell whether something of it was folded under older rules."""
        return self.state is not None and (self.rules or 0) < RULES

    def root(self) -> "Meter":
        """The meter that counts this one's account: itself, or the one it was merged into."""
        meter = self
        while meter.merged_into is not None:
            meter = meter.merged_into
        return meter

    def is_separable_from(self, root: "Meter") -> bool:
        """Tell whether it could leave `root`, counted with it, exactly: none of its polls were deleted."""
        kept = root.pruned_at is None or moment(root.pruned_at) < self.created_at
        return kept and self.pruned_at is None

    def can_be_counted_apart(self) -> bool:
        """Tell whether a merged meter can be counted apart again."""
        return self.merged_into is not None and self.is_separable_from(self.merged_into)

    def account_ids(self) -> list[int]:
        """The meter and those merged into it."""
        return [self.pk, *self.merged.values_list("pk", flat=True)]

    def is_blind(self) -> bool:
        """Tell whether three polls or more were missed in a row."""
        return self.missed_polls >= troubles.BLIND_AFTER


def _is_behind(polled_at: datetime | None) -> Q:
    """Whether a meter was not asked since then; by a clock that was ahead, it was not either."""
    if polled_at is None:
        return Q(asked_at=None)
    return Q(asked_at=None) | Q(asked_at__lt=polled_at) | clock.ahead("asked_at", polled_at + LEASE)
