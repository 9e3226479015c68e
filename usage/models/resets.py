"""Decisions of people that a counter began again without a new billing period."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from teams.models import Team
from usage.ledger.words import moment
from usage.models.meters.meter import Meter
from usage.models.polls import RawPoll


class CounterResetQuerySet(models.QuerySet["CounterReset"]):
    """Answers where people said that a counter began again."""

    def of_meters(self, meter_ids: Iterable[int]) -> Self:
        """Return what was said of answers to these meters, those of one account."""
        return self.filter(meter__in=meter_ids)

    def instants(self) -> frozenset[int]:
        """The places of these answers in the ledger, in microseconds: what a fold takes."""
        return frozenset(self.values_list("at", flat=True))

    def for_team(self, team: Team) -> Self:
        """Return the team's decisions, the newest word first; `is_kept` says that the answer still is."""
        answer = RawPoll.objects.filter(meter=OuterRef("meter"), at=OuterRef("at"))
        mine = self.filter(meter__team=team).annotate(is_kept=Exists(answer))
        return mine.select_related("meter__key", "meter__merged_into__key", "decided_by").order_by(
            "-decided_at", "-pk"
        )


class CounterReset(models.Model):
    """Somebody said that the counter of a meter began again with the answer at `at`, its place in the ledger.

    It belongs to that answer and goes where the answer goes. Of an answer that was deleted it says nothing.
    """

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="counter_resets", db_index=False)
    at = models.BigIntegerField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    # Whether the answer is kept still; only `for_team` knows.
    is_kept: bool

    objects = CounterResetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meter", "at"], name="counter_reset_once_per_answer")]

    def __str__(self) -> str:
        return f"{self.meter_id} began again at {moment(self.at):%Y-%m-%d %H:%M:%S}"

    @property
    def told_at(self) -> datetime:
        """When the answer came with which the counter began again."""
        return moment(self.at)

    @property
    def account(self) -> Meter:
        """The meter that counts the account whose counter it was."""
        return self.meter.root()
