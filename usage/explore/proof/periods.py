"""For each billing period and account that a span touches: what the provider last told, by which answer, what
is shown, and every reason why the two may differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    When,
    Window,
)
from django.db.models.functions import Coalesce

from common.lists import ListAddress, ListPage, nearest
from teams.models import Team
from usage.explore.proof.edges import can_be_parted, edge_sums
from usage.explore.proof.reasons import Known
from usage.explore.proof.sums import Adding
from usage.explore.reading.source import Interval
from usage.explore.sheet.changes import signed
from usage.ledger import REQUESTS, RULES, TOKENS, UNATTRIBUTED, Event
from usage.ledger.grid import QUARTER
from usage.ledger.words import microseconds, moment
from usage.models import Annotation, Knot, Meter, Period, RawPoll, SharingSuggestion
from usage.models.json_sums import AmountOfModel, SumOfModels
from usage.models.lateness import meter_has_ended, meter_is_late
from usage.models.ledger import boundary_moved

PER_PAGE = 25
MOST_NOTES = 500
MOST_PAGES = 100_000
NOTED = (Event.CORRECTION, Event.GLITCH, Event.UNCONFIRMED, Event.HOLE)
TOTALS = {TOKENS: "total_tokens", REQUESTS: "total_requests"}

# (meter id, when its period began)
type Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that told the last of a period: its primary key and when it came."""

    pk: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ProvenPeriod:
    """One billing period of one account. `told` is what the provider last said that counts, of the models
    that are asked for; `shown` what is added up of what pages show, None where that cannot be.
    """

    meter: Meter
    start: datetime
    end: datetime | None
    told: int
    shown: int | None
    answer: Answer | None
    known: Known

    @property
    def difference(self) -> int | None:
        """How much more is shown than was told."""
        return None if self.shown is None else self.shown - self.told

    @property
    def difference_words(self) -> str:
        """`0`, `+1,200`, `−3`; a dash where it is not known."""
        if self.difference is None:
            return "–"
        return signed(self.difference) if self.difference else "0"

    @property
    def began(self) -> int:
        """Its begin in microseconds, as its address names it."""
        return microseconds(self.start)

    @property
    def is_proven(self) -> bool:
        """Tell whether what is shown is what the provider says, to the token, and all of it."""
        return self.difference == 0 and not self.known.is_lower_bound

    @property
    def reasons(self) -> list[str]:
        """Why what is shown may not be all, or not the same, in sentences without a full stop."""
        return self.known.reasons(self.told, self.difference)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of which meters: [start, end) up to `now`, a metric, a condition on meters, and the
    models as `SumOfModels` takes them.
    """

    team: Team
    start: datetime
    end: datetime
    now: datetime
    metric: str
    meters: Q
    models: Mapping[str, Sequence[str]]
    days_zone: str | None


def proven_periods(asked: Asked, address: ListAddress, number: str) -> ListPage[Any]:
    """One page of periods, that of a number as an address names it, newest first, then by name. Five queries;
    two more where there is no such page, and where a period begins or ends within a quarter of an hour.
    """
    rows = _told(asked)
    first = (nearest(number, MOST_PAGES) - 1) * PER_PAGE
    listed = list(rows[first : first + PER_PAGE])
    page = address.page_of(rows, PER_PAGE, count=listed[0]["count"] if listed else None)
    page.object_list = _proven(asked, listed or list(page.object_list))
    return page


def _told(asked: Asked) -> Any:
    """What was told of each period of each meter of which some time lies in the span and has passed."""
    chosen = Meter.objects.for_team(asked.team).filter(asked.meters).order_by()
    mine = Period.objects.filter(meter__in=chosen.values("pk"), superseded=False)
    touched = mine.touching(asked.start, min(asked.end, asked.now))
    knot = Knot.objects.filter(meter=OuterRef("meter"), at=OuterRef("last_at"))
    told_at = Subquery(knot.annotate(told=Coalesce("polled_at", "at")).values("told")[:1])
    sums = touched.annotate(told_at=told_at).values("meter", "began", "ended")
    return sums.annotate(
        told=Sum(SumOfModels("counters", asked.metric, **asked.models)),
        whole=Sum(SumOfModels("counters", asked.metric)),
        unattributed=Sum(AmountOfModel("counters", asked.metric, UNATTRIBUTED)),
        tail_time=Max("tail"),
        inexact=Count("pk", filter=Q(exact=False)),
        moved=Count("pk", filter=boundary_moved()),
        resets=Count("told_start"),
        answered=Max("told_at"),
        name=Max(Coalesce("meter__key__name", "meter__name")),
        count=Window(Count("*")),
    ).order_by("-began", "name", "meter")


def _proven(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> list[ProvenPeriod]:
    meters = _meters({row["meter"] for row in rows})
    answers, late = _answers(rows, meters)
    notes = _notes(rows)
    spans: dict[Interval, list[int]] = {}
    for row in rows:
        if span := _addable(row, asked.now):
            spans.setdefault(span, []).append(row["meter"])
    sums = Adding(asked.team, asked.metric, asked.days_zone, asked.models).sums(spans)
    sums.used.update(edge_sums(spans, asked.metric, asked.models))
    found = []
    for row in rows:
        meter, span = meters[row["meter"]], _addable(row, asked.now)
        place = row["meter"], row["began"]
        is_open = row["ended"] is None or row["ended"] > microseconds(asked.now)
        told_late, stale = late.get(place, ({}, 0))
        found.append(
            ProvenPeriod(
                meter,
                moment(row["began"]),
                None if row["ended"] is None else moment(row["ended"]),
                row["told"],
                sums.used[span, meter.pk] if span else None,
                answers.get(place),
                Known(
                    metric=asked.metric,
                    whole=row["whole"],
                    tail=timedelta(microseconds=row["tail_time"]),
                    is_moved=bool(row["moved"]),
                    is_inexact=bool(row["inexact"]),
                    resets=row["resets"],
                    unattributed=row["unattributed"],
                    notes=notes.get(place, ()),
                    told_late=told_late.get(asked.metric),
                    stale=stale,
                    of_days=sums.told[span, meter.pk] if span else 0,
                    is_addable=span is not None,
                    **_of_meter(meter, asked, is_open=is_open),
                ),
            )
        )
    return found


def _of_meter(meter: Meter, asked: Asked, *, is_open: bool) -> dict[str, Any]:
    """What is known of the account itself; most of it is about the period that goes on."""
    return {
        "keys": 1 + meter.joined,  # type: ignore[attr-defined]  # annotated
        "is_doubted": meter.is_doubted,  # type: ignore[attr-defined]  # annotated
        "is_held": meter.is_held,
        "is_outdated": (meter.rules or 0) < RULES,
        "fallen": meter.fallen_tokens or 0 if is_open else 0,
        "is_late": is_open and meter_is_late(meter, asked.now),
        "error": (meter.answer_error or meter.last_error) if is_open else "",
        "has_ended": meter_has_ended(meter) and meter.period_end == meter.watched_until,
        "is_untold": meter.untold == asked.metric,
        "unread": meter.unread_parts if is_open else "",
    }


def _addable(row: Mapping[str, Any], now: datetime) -> Interval | None:
    """The time of a period up to now, where all of it can be added up and nothing else. What a boundary that
    was moved parted is not kept.
    """
    start, end = row["began"], row["ended"]
    until = -(-microseconds(now) // QUARTER) * QUARTER
    end = until if end is None or end > until else end
    is_parted = bool(start % QUARTER or end % QUARTER)
    if end <= start or (is_parted and (row["moved"] or row["inexact"] or not can_be_parted(start, end))):
        return None
    return start, end


def _meters(ids: set[int]) -> dict[int, Meter]:
    """The meters with their keys, how many are counted with each, and whether one may share its account."""
    joined = Meter.objects.counted().filter(merged_into=OuterRef("pk")).order_by()
    count = joined.values("merged_into").annotate(count=Count("pk")).values("count")
    doubts = SharingSuggestion.objects.open().filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))
    found = (
        Meter.objects.filter(pk__in=ids)
        .select_related("key")
        .defer("state")
        .annotate(
            joined=Coalesce(Subquery(count, output_field=IntegerField()), 0),
            is_doubted=Exists(doubts.order_by()),
        )
    )
    return {meter.pk: meter for meter in found}


def _answers(
    rows: Sequence[Mapping[str, Any]], meters: Mapping[int, Meter]
) -> tuple[dict[Place, Answer], dict[Place, tuple[dict[str, int], int]]]:
    """The answers that told the last of each period; and the most that was told of it in answers that were
    set aside, by metric, with how many there are. One query.
    """
    told = {(row["meter"], row["answered"]): (row["meter"], row["began"]) for row in rows if row["answered"]}
    ats = {at for _, at in told}
    aside = Annotation.objects.filter(meter__in=meters, event=Event.REJECTED).values("at")
    root = Coalesce("meter__merged_into", "meter")
    polls = RawPoll.objects.filter(Q(meter__in=meters) | Q(meter__merged_into__in=meters))
    polls = polls.filter(Q(at__in=ats) | Q(at__in=aside))
    last = Case(When(at__in=ats, then=F("at")), default=None)
    groups: Any = polls.order_by().annotate(root=root, last=last).values("root", "period_start", "last")
    answers: dict[Place, Answer] = {}
    late: dict[Place, tuple[dict[str, int], int]] = {}
    for group in groups.annotate(
        poll=Max("pk"), tokens=Max("total_tokens"), requests=Max("total_requests"), count=Count("pk")
    ):
        if place := told.get((group["root"], group["last"])):
            answers[place] = Answer(group["poll"], moment(group["last"]))
        elif group["last"] is None:
            most = {metric: group[metric] for metric in TOTALS if group[metric] is not None}
            late[group["root"], microseconds(group["period_start"])] = most, group["count"]
    return answers, late


def _notes(rows: Sequence[Mapping[str, Any]]) -> dict[Place, list[tuple[Event, Mapping[str, Any]]]]:
    """What the ledger noted within each period: (event, its amounts). One query."""
    if not rows:
        return {}
    ids, first = {row["meter"] for row in rows}, min(row["began"] for row in rows)
    notes = Annotation.objects.filter(meter__in=ids, at__gte=first, event__in=NOTED).order_by("-at")
    found: dict[Place, list[tuple[Event, Mapping[str, Any]]]] = {}
    for meter, event, at, amounts in notes.values_list("meter", "event", "at", "amounts")[:MOST_NOTES]:
        mine = [row for row in rows if row["meter"] == meter and row["began"] < at]
        if mine:
            found.setdefault((meter, max(row["began"] for row in mine)), []).append((Event(event), amounts))
    return found
