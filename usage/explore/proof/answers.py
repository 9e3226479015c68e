"""The raw answers of one account about one billing period, as they came, and whether each counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import Http404

from common.filters import Choice
from common.lists import ListAddress, ListPage
from teams.models import Team
from usage.books.answers.answer import stored_poll
from usage.ledger import Event
from usage.ledger.polls import exclusive_end, in_order
from usage.ledger.words import microseconds, moment
from usage.models import Annotation, Meter, Period, RawPoll

PER_PAGE = 50
LARGEST = (1 << 63) - 1
SHOWN = Choice("show", "Show", (("", "All answers"), ("unread", "Without counters")), is_switch=True)
NOTED = (Event.REJECTED, Event.GLITCH, Event.UNCONFIRMED, Event.CORRECTION, Event.RESET)

OLDER = "It tells an older billing period than an answer before it: set aside."
TOO_MUCH = "It does not fit the ledger: it adds up to more than can be counted."
CAME_BACK = "It told less than before, and a later answer was back where the counter had been."
ENDED = "It told less than before, and a newer billing period began before that was confirmed."
WAITING = "It tells less than before; it is waited whether that stays."
SAME_INSTANT = "Another answer of the same instant counts."
HELD = "The account is being counted anew; it is counted at the end of that."
CORRECTED = "It told less than before, and that stayed: taken for a correction."
RESET = "Somebody said that the counter began again with it."


@dataclass(frozen=True, slots=True)
class Listed:
    """One raw answer. `remark` says why it does not count, or what its counting meant; often nothing."""

    poll: RawPoll
    counts: bool
    remark: str

    @property
    def told_end(self) -> datetime | None:
        """The first instant after the period that it tells."""
        return exclusive_end(self.poll.period_end) if self.poll.period_end else None

    @property
    def took(self) -> str:
        """How long the provider took to answer: `1.2 s`, `under 0.1 s`."""
        seconds = (self.poll.ended_at - self.poll.started_at).total_seconds()
        return f"{seconds:.1f} s" if seconds >= 0.1 else "under 0.1 s"


@dataclass(frozen=True, slots=True)
class PeriodOf:
    """One billing period of an account of a team; `end` is None where the provider told none."""

    meter: Meter
    start: datetime
    end: datetime | None


def find_period(team: Team, meter_id: int, began: int) -> PeriodOf:
    """A period of one of the team's accounts, by its begin in microseconds; Http404 where there is none."""
    mine = Period.objects.for_team(team)
    if max(meter_id, began) > LARGEST:
        raise Http404("No such period")
    found = mine.filter(meter=meter_id, start__gte=began).as_told().filter(began=began)
    period = found.select_related("meter__key").order_by("start").first()
    if period is None:
        raise Http404("No such period")
    end = None if period.ended is None else moment(period.ended)
    return PeriodOf(period.meter, moment(began), end)


def find_poll(team: Team, poll_id: int) -> RawPoll:
    """One raw answer of the team's, with its body and meter; Http404 where there is none."""
    polls = (
        RawPoll.objects.filter(meter__team=team, pk=poll_id) if poll_id <= LARGEST else RawPoll.objects.none()
    )
    poll = polls.select_related("body", "meter__key", "meter__merged_into__key").first()
    if poll is None:
        raise Http404("No such answer")
    return poll


def began_of(meter: Meter, poll: RawPoll) -> int | None:
    """Where the period begins that an answer tells, in microseconds; None where the books have none such."""
    if poll.period_start is None:
        return None
    began = microseconds(poll.period_start)
    mine = Period.objects.filter(meter=meter, superseded=False)
    return began if mine.filter(Q(start=began) | Q(told_start=began)).exists() else None


def answers_of(period: PeriodOf, address: ListAddress, now: datetime) -> ListPage[Any]:
    """One page of the answers that speak of a period or came within it, the newest first; three queries."""
    meter, until = period.meter, min(period.end or now, now)
    mine = RawPoll.objects.filter(Q(meter=meter) | Q(meter__merged_into=meter))
    read = Q(at__gte=microseconds(period.start), at__lt=microseconds(until)) | Q(
        at__gte=microseconds(until), period_start=period.start
    )
    unread = Q(at=None, started_at__gte=period.start, started_at__lt=until)
    polls = mine.filter(unread if address["show"] else read | unread).select_related("meter__key")
    page: ListPage[Any] = address.page_of(polls.order_by("-started_at", "-pk"), PER_PAGE)
    page.object_list = judged(meter, list(page.object_list))
    return page


def judged(root: Meter, polls: Sequence[RawPoll]) -> list[Listed]:
    """Whether each of some answers to an account counts, and why not. One query."""
    spells = _spells(root, polls)
    chosen = _chosen(polls)
    state = root.ledger_state if root.fallen_tokens is not None else None
    waiting = {poll.at for poll in state.pending} if state else set()
    seen = microseconds(root.watched_until) if root.watched_until else None
    found = []
    for poll in polls:
        if poll.at is None:
            found.append(Listed(poll, counts=False, remark=poll.error or "It has no counters."))
        elif poll.pk not in chosen:
            found.append(Listed(poll, counts=False, remark=SAME_INSTANT))
        elif poll.at in waiting:
            found.append(Listed(poll, counts=False, remark=WAITING))
        elif root.is_held and (seen is None or poll.at > seen):
            found.append(Listed(poll, counts=False, remark=HELD))
        else:
            found.append(_noted(poll, spells, root))
    return found


@dataclass(frozen=True, slots=True)
class Spell:
    """From one answer to another the ledger noted something of what was told."""

    event: Event
    first: int
    last: int

    def holds(self, at: int) -> bool:
        """Tell whether an answer lies in it; the one that ended a doubt does not."""
        is_doubt = self.event in (Event.GLITCH, Event.UNCONFIRMED)
        return self.first <= at and (at < self.last if is_doubt else at <= self.last)


def _spells(root: Meter, polls: Sequence[RawPoll]) -> list[Spell]:
    ats = [poll.at for poll in polls if poll.at is not None]
    if not ats:
        return []
    told = Coalesce("polled_at", "at")
    notes = Annotation.objects.filter(meter=root, event__in=NOTED).alias(told=told)
    rows = notes.filter(at__lte=max(ats), told__gte=min(ats)).values_list("event", "at", told)
    return [Spell(Event(event), at, last) for event, at, last in rows]


def _noted(poll: RawPoll, spells: Iterable[Spell], root: Meter) -> Listed:
    at = poll.at or 0
    events = {spell.event for spell in spells if spell.holds(at) and spell.event != Event.REJECTED}
    aside = any(spell.event == Event.REJECTED and spell.first == at for spell in spells)
    if aside:
        newest = root.period_start
        is_older = newest is not None and poll.period_start is not None and poll.period_start < newest
        return Listed(poll, counts=False, remark=OLDER if is_older else TOO_MUCH)
    for event, remark in ((Event.GLITCH, CAME_BACK), (Event.UNCONFIRMED, ENDED)):
        if event in events:
            return Listed(poll, counts=False, remark=remark)
    if Event.RESET in events:
        return Listed(poll, counts=True, remark=RESET)
    return Listed(poll, counts=True, remark=CORRECTED if Event.CORRECTION in events else "")


def _chosen(polls: Iterable[RawPoll]) -> set[int]:
    """The answers that stand for their instant: of several of one instant one counts."""
    together: dict[int, list[RawPoll]] = defaultdict(list)
    for poll in polls:
        if poll.at is not None:
            together[poll.at].append(poll)
    found = set()
    for same in together.values():
        if len(same) == 1:
            found.add(same[0].pk)
            continue
        read = {poll.pk: told for poll in same if (told := stored_poll(poll))}
        best = in_order(read.values())[:1]
        found |= {next(pk for pk, told in read.items() if told == best[0])} if best else set()
    return found
