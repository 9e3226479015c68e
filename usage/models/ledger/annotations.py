"""What a reader of the numbers must know beside them. Times are integer microseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from common.database.together import Reading, ask
from teams.models import Team
from usage.ledger import METRICS, REQUESTS, TOKENS, Event
from usage.ledger.codec import load_amounts
from usage.ledger.grid import QUARTER
from usage.ledger.words import LedgerAnnotation, microseconds, moment
from usage.models.ledger.json_sums import SumOfModels
from usage.models.meters.meter import Meter

# A chart tells no more notes than this: the newest.
MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class AnnotationGroup:
    """The same event at some meters within one quarter of an hour; `at` is the first of them, in
    microseconds, `names` are the first and the last by name, `count` is how many meters there are, `amounts`
    what is noted with it, by metric: what was taken back, below zero.
    """

    event: Event
    at: int
    names: tuple[str, str]
    count: int
    amounts: Mapping[str, int]


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    """Answers what a chart must tell beside its bars."""

    def grouped(self, team: Team, start: datetime, end: datetime) -> Reading[Sequence[AnnotationGroup]]:
        """Read what was noted of the team's meters in [start, end), oldest first: the newest groups.
        One step.

        The keys of a company begin their periods together; they are one note, whatever their number.
        """
        span = {"at__gt": microseconds(start), "since__lt": microseconds(end)}
        name = Coalesce("meter__key__name", "meter__name")
        groups = (
            self.filter(meter__team=team, meter__merged_into=None, **span)
            .annotate(quarter=F("at") / QUARTER)
            .values("quarter", "event")
            .annotate(first_at=Min("at"), first=Min(name), last=Max(name))
            .annotate(count=Count("meter", distinct=True))
            .annotate(tokens=_taken_back(TOKENS), requests=_taken_back(REQUESTS))
            .order_by("-quarter", "-first_at", "event")
        )
        newest = yield from ask(groups[:MOST_GROUPS])
        return tuple(map(_group, reversed(newest)))


def _group(group: Mapping[str, Any]) -> AnnotationGroup:
    names, amounts = (group["first"], group["last"]), {metric: group[metric] for metric in METRICS}
    return AnnotationGroup(Event(group["event"]), group["first_at"], names, group["count"], amounts)


def _taken_back(metric: str) -> Sum:
    """What corrections took back; nothing else is added up, so that many rollovers cost nothing."""
    return Sum(SumOfModels("amounts", metric), filter=Q(event=Event.CORRECTION), default=0)


class Annotation(models.Model):
    """Something a reader of the numbers must know about (since, at].

    It was found with the poll of `polled_at`, None where that is `at`.
    """

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="annotations")
    event = models.CharField(max_length=20, choices=[(event, event) for event in Event])
    since = models.BigIntegerField()
    at = models.BigIntegerField()
    amounts = models.JSONField(default=dict)
    polled_at = models.BigIntegerField(null=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["meter", "at"], name="annotation_chart")]

    def __str__(self) -> str:
        return f"{self.event} at {moment(self.at):%Y-%m-%d %H:%M:%S}"

    def as_ledger(self) -> LedgerAnnotation:
        """The annotation in the ledger's own words."""
        polled_at = self.at if self.polled_at is None else self.polled_at
        return LedgerAnnotation(Event(self.event), self.since, self.at, polled_at, load_amounts(self.amounts))
