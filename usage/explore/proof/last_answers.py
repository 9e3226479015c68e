"""The answers about billing periods, and what the ledger noted of them: the words beside their sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Max, Q, When
from django.db.models.functions import Coalesce

from common.database.together import Reading, ask
from usage.ledger import Event
from usage.ledger.words import microseconds, moment
from usage.models import Annotation, Meter, RawPoll

MOST_NOTES = 500
NOTED = (Event.CORRECTION, Event.GLITCH, Event.UNCONFIRMED, Event.HOLE)

# (meter id, when its period began)
type Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that told the last of a period: its primary key and when it came."""

    pk: int
    at: datetime


def answers_about(
    rows: Sequence[Mapping[str, Any]], meters: Mapping[int, Meter], most: Max
) -> Reading[tuple[dict[Place, Answer], dict[Place, tuple[int | None, int]]]]:
    """The answers that told the last of each period; and the `most` that was told of it in answers that were
    set aside, with how many there are. One step.
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
    late: dict[Place, tuple[int | None, int]] = {}
    for group in (yield from ask(groups.annotate(poll=Max("pk"), most=most, count=Count("pk")))):
        if place := told.get((group["root"], group["last"])):
            answers[place] = Answer(group["poll"], moment(group["last"]))
        elif group["last"] is None:
            late[group["root"], microseconds(group["period_start"])] = group["most"], group["count"]
    return answers, late


def notes_within(
    rows: Sequence[Mapping[str, Any]],
) -> Reading[dict[Place, list[tuple[Event, Mapping[str, Any]]]]]:
    """What the ledger noted within each period: (event, its amounts). One step."""
    if not rows:
        return {}
    ids, first = {row["meter"] for row in rows}, min(row["began"] for row in rows)
    notes = Annotation.objects.filter(meter__in=ids, at__gte=first, event__in=NOTED).order_by("-at")
    found: dict[Place, list[tuple[Event, Mapping[str, Any]]]] = {}
    told = notes.values_list("meter", "event", "at", "amounts")[:MOST_NOTES]
    for meter, event, at, amounts in (yield from ask(told)):
        mine = [row for row in rows if row["meter"] == meter and row["began"] < at]
        if mine:
            found.setdefault((meter, max(row["began"] for row in mine)), []).append((Event(event), amounts))
    return found
