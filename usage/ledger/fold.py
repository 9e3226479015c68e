"""From the set of polls of one meter to knots, periods and annotations.

`fold` is the definition: sort, drop duplicates, take each poll. `extend` takes the polls that came since,
from a small state, and gives the same. Which polls count is told in believing.py, what they come to in
adding.py.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from usage.ledger.believing import Folder
from usage.ledger.line import History, OutOfOrderError
from usage.ledger.polls import Poll, in_order
from usage.ledger.state import State
from usage.ledger.words import SEATS, LedgerAnnotation, LedgerKnot, PeriodSummary, sum_of

# The name of these rules. It rises where the same polls come to something else: what was folded under older
# rules is then folded again (see usage/accounts/fold_again.py).
RULES = 2

type TotalsByStart = Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that follows from a set of polls. Knots ascend strictly in time.

    `told_late` is {a period's told start: {metric: the most that was told of it after a newer one}}, where
    that is more than was told in time.
    """

    knots: tuple[LedgerKnot, ...]
    annotations: tuple[LedgerAnnotation, ...]
    periods: tuple[PeriodSummary, ...]
    state: State | None
    told_late: TotalsByStart


@dataclass(frozen=True, slots=True)
class Changes:
    """What new polls add. `knots[0]` is where the lines go on from; it is stored already unless `first`.

    `changed` are stored knots that got other amounts, that one among them, or were put between others before
    it; `retold` is that one where it was told again as it was. `moved` says whether any amount did.
    """

    knots: tuple[LedgerKnot, ...]
    annotations: tuple[LedgerAnnotation, ...]
    periods: tuple[PeriodSummary, ...]
    first: bool
    changed: tuple[LedgerKnot, ...] = ()
    retold: tuple[LedgerKnot, ...] = ()
    moved: bool = True


def fold(polls: Iterable[Poll], resets: Container[int] = (), most_seats: int = SEATS) -> Ledger:
    """The ledger of a set of polls, in whatever order and however often they are given.

    `resets` are the instants of polls of which a person said that the counter had begun again.
    """
    folder = Folder(None, resets=resets, most_seats=most_seats)
    for poll in in_order(polls):
        folder.take(poll)
    knots, notes = tuple(folder.sums.line.knots), tuple(folder.sums.notes)
    return Ledger(knots, notes, folder.periods(), folder.state(), _told_late(folder))


def extend(
    state: State | None,
    polls: Iterable[Poll],
    history: History | None = None,
    resets: Container[int] = (),
    most_seats: int = SEATS,
) -> tuple[State | None, Changes]:
    """Take polls later than all before; `history` finds stored knots where what was told changes among them.

    Raises OutOfOrderError where the past would have to change.
    """
    folder = Folder(state, history, resets, most_seats)
    for poll in in_order(polls):
        if state is not None and poll.at <= state.seen:
            raise OutOfOrderError(poll.at)
        folder.take(poll)
    line, periods = folder.sums.line, folder.periods()
    knots, notes, new = tuple(line.knots), tuple(folder.sums.notes), folder.state()
    moved = state is None or new is None or new.amounts != state.amounts
    changes = Changes(knots, notes, periods, state is None, line.changed, line.retold, moved)
    return new, changes


def _told_late(folder: Folder) -> TotalsByStart:
    """What was told too late, where that is more than was told of its period in time."""
    found: dict[int, dict[str, int]] = {}
    for period in folder.periods():
        late = folder.told_late.get(period.told_start, {}).items()
        found[period.told_start] = {
            metric: total for metric, total in late if total > sum_of(period.counters, metric)
        }
    return {start: late for start, late in found.items() if late}
