"""Counters that fell: whether one was corrected or began again is for a person to say, and to take back.

By itself raxdash takes a fall for a correction. Where somebody says "this was a reset", the account is
counted anew from the answer that fell first, by the same long job as every decision about accounts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from teams.changes import Refused
from teams.models import Team, User
from usage.accounts import recount
from usage.accounts.recount import Account
from usage.books.answers.answer import stored_poll
from usage.books.refold import state_before
from usage.ledger import METRICS, Event, State
from usage.ledger.codec import load_amounts
from usage.ledger.counters import fallen, fallen_by
from usage.ledger.polls import in_order
from usage.ledger.words import moment, sum_of
from usage.models import Annotation, CounterReset, Meter, RawPoll

# A page names so many at once, the newest.
MOST_FALLS = 10
PRUNED = "The answers of then are no longer kept, so nothing can be counted anew from them."


@dataclass(frozen=True, slots=True)
class Fall:
    """The counter of an account fell with the answer at `at` (microseconds), by amounts of metrics.

    `is_waiting` says that nothing was taken back yet: it is waited whether the fall stays.
    """

    meter: Meter
    at: int
    amounts: Mapping[str, int]
    is_waiting: bool

    @property
    def told_at(self) -> datetime:
        """When the answer came."""
        return moment(self.at)

    @property
    def words(self) -> str:
        """`660 tokens and 3 requests`."""
        return in_words(self.amounts)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a counter had told before the answer at `at` (microseconds), and what it told then, by metric."""

    at: int
    before: Mapping[str, int]
    told: Mapping[str, int]

    @property
    def told_at(self) -> datetime:
        """When the answer came."""
        return moment(self.at)

    @property
    def together(self) -> str:
        """What both come to, in words."""
        return in_words({metric: self.before.get(metric, 0) + told for metric, told in self.told.items()})

    @property
    def words_before(self) -> str:
        """What it had told before, in words."""
        return in_words(self.before)

    @property
    def words_told(self) -> str:
        """What it told then, in words."""
        return in_words(self.told)


def in_words(amounts: Mapping[str, int]) -> str:
    """`700 tokens and 1 request`."""
    parts = [
        f"{amount:,} {metric.removesuffix('s') if amount == 1 else metric}"
        for metric in METRICS
        if (amount := amounts.get(metric)) is not None
    ]
    return " and ".join(parts)


def falls(team: Team) -> list[Fall]:
    """The falls of which somebody may say that they were resets: those that are waited for come first."""
    return [*_waiting(team), *_corrections(team)][:MOST_FALLS]


def _waiting(team: Team) -> list[Fall]:
    meters = Meter.objects.for_team(team).exclude(fallen_tokens=None).select_related("key")[:MOST_FALLS]
    pending = [(meter, state) for meter in meters if (state := meter.ledger_state) and state.pending]
    said = _said([meter for meter, _ in pending])
    found = [Fall(meter, state.pending[0].at, _fallen(state), is_waiting=True) for meter, state in pending]
    return [fall for fall in found if (fall.meter.pk, fall.at) not in said]


def _said(meters: list[Meter]) -> set[tuple[int, int]]:
    """(the account's meter, instant) of what was said of some accounts."""
    ids = [meter.pk for meter in meters]
    mine = CounterReset.objects.filter(Q(meter__in=ids) | Q(meter__merged_into__in=ids))
    return {(root or own, at) for root, own, at in mine.values_list("meter__merged_into", "meter", "at")}


def _fallen(state: State) -> dict[str, int]:
    amounts = fallen(state.counters, state.pending[0], state.seats)
    return {metric: amount for metric in METRICS if (amount := fallen_by(amounts, metric))}


def _corrections(team: Team) -> list[Fall]:
    """Corrections that were believed, whose answers are kept, and of which nobody said anything else."""
    notes = Annotation.objects.filter(event=Event.CORRECTION, meter__team=team, meter__merged_into=None)
    mine = Q(meter=OuterRef("meter")) | Q(meter__merged_into=OuterRef("meter"))
    kept = Exists(RawPoll.objects.filter(mine, at=OuterRef("at")))
    said = Exists(CounterReset.objects.filter(mine, at=OuterRef("at")))
    newest = notes.filter(kept, ~said).select_related("meter__key").defer("meter__state").order_by("-at")
    return [Fall(note.meter, note.at, _taken_back(note), is_waiting=False) for note in newest[:MOST_FALLS]]


def _taken_back(note: Annotation) -> dict[str, int]:
    amounts = load_amounts(note.amounts)
    return {metric: -amount for metric in METRICS if (amount := sum_of(amounts, metric))}


def reading(meter: Meter, at: int) -> Reading | None:
    """What an account's counter told at an instant and had told before, where it fell then.

    None where it did not fall, or had fallen before and that was waited for, or the answer is not kept.
    """
    told = in_order(poll for raw in _answers(meter, at) if (poll := stored_poll(raw)))
    if not told:
        return None
    poll, state = told[0], state_before(meter, at)
    if state is None or state.pending or poll.period_start != state.period.told_start:
        return None
    if not fallen(state.counters, poll, state.seats):
        return None
    before = {metric: state.total(metric) for metric in METRICS if metric in poll.totals}
    return Reading(at, before, {metric: poll.totals[metric] for metric in before})


def _answers(meter: Meter, at: int) -> list[RawPoll]:
    return list(RawPoll.objects.filter(meter__in=meter.account_ids(), at=at).order_by("pk"))


def is_said(meter: Meter, at: int) -> bool:
    """Tell whether somebody said already that an account's counter began again at an instant."""
    return CounterReset.objects.of_meters(meter.account_ids()).filter(at=at).exists()


def say(meter: Meter, at: int, by: User, now: datetime) -> Reading | None:
    """Say that an account's counter began again with the answer at `at`, and begin to count it anew.

    Return what was read then; None where it did not fall or that was said before: nothing changes. The team
    is locked. Raises Refused where another account is being counted anew.
    """
    read = None if is_said(meter, at) else reading(meter, at)
    if read:
        answer = _answers(meter, at)[0]
        CounterReset.objects.create(meter_id=answer.meter_id, at=at, decided_at=now, decided_by=by)
        _count_anew(meter, at, by)
    return read


def take_back(reset: CounterReset, by: User) -> None:
    """Take back what was said, and begin to count the account anew. The team is locked.

    Raises Refused where another account is being counted anew, or the answers of then are not kept.
    """
    root = reset.account
    if not _answers(root, reset.at):
        raise Refused(PRUNED)
    reset.delete()
    _count_anew(root, reset.at, by)


def _count_anew(root: Meter, since: int, by: User) -> None:
    recount.start(root.team, [Account(root.pk, root.account_ids(), since)], deed={}, by=by, by_id=by.pk)
