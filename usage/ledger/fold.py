"""From the set of polls of one meter to knots, periods and annotations.

`fold` is the definition: sort, drop duplicates, take each poll. `extend` takes the polls that came since,
from a small state, and gives the same. What one poll means is told in take.py, a method for each rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from usage.ledger.take import Folder, History, OutOfOrderError
from usage.ledger.words import LedgerAnnotation, LedgerKnot, PeriodSummary, Poll, State


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that follows from a set of polls. Knots ascend strictly in time."""

    knots: tuple[LedgerKnot, ...]
    annotations: tuple[LedgerAnnotation, ...]
    periods: tuple[PeriodSummary, ...]
    state: State | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What new polls add. `knots[0]` is where the lines go on from; it is stored already unless `first`.

    `inserted` are knots that moved boundaries put before it.
    """

    knots: tuple[LedgerKnot, ...]
    annotations: tuple[LedgerAnnotation, ...]
    periods: tuple[PeriodSummary, ...]
    first: bool
    inserted: tuple[LedgerKnot, ...] = ()


def fold(polls: Iterable[Poll]) -> Ledger:
    """The ledger of a set of polls, in whatever order and however often they are given."""
    folder = Folder(None)
    for poll in in_order(polls):
        folder.take(poll)
    return Ledger(tuple(folder.knots), tuple(folder.annotations), folder.periods(), folder.state())


def extend(
    state: State | None, polls: Iterable[Poll], history: History | None = None
) -> tuple[State | None, Changes]:
    """Take polls later than all before; `history` finds stored knots where a boundary moves among them.

    Raises OutOfOrderError where the past would have to change.
    """
    folder = Folder(state, history)
    for poll in in_order(polls):
        if state is not None and poll.at <= state.seen:
            raise OutOfOrderError(poll.at)
        folder.take(poll)
    notes, periods = tuple(folder.annotations), folder.periods()
    changes = Changes(tuple(folder.knots), notes, periods, state is None, tuple(folder.inserted))
    return folder.state(), changes


def in_order(polls: Iterable[Poll]) -> list[Poll]:
    """Polls by time, one for each instant: the last of `Poll.order`."""
    latest = {poll.at: poll for poll in sorted(polls, key=Poll.order)}
    return [latest[at] for at in sorted(latest)]
