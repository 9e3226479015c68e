"""The knots of a meter while polls are added: put at the end, between two others, or written anew."""

from bisect import bisect_right
from collections.abc import Callable

from usage.ledger.words import LedgerKnot

# The stored knots around an instant: the last at or before it, and the first after; None where unknown.
type History = Callable[[int], tuple[LedgerKnot, LedgerKnot | None] | None]


class OutOfOrderError(Exception):
    """Polls cannot be appended: something before `since` is needed. Fold again from a knot before it."""

    def __init__(self, since: int) -> None:
        super().__init__(since)
        self.since = since


class Line:
    """Knots in order of time. `knots` begins with the one that a state stands on, if it stands on one.

    `changed` are that one and stored ones before it, where they were put or got other amounts; `retold` is
    that one where later polls told the same. `history` finds the neighbours of stored ones.
    """

    def __init__(self, stood_on: LedgerKnot | None, history: History | None) -> None:
        self.knots: list[LedgerKnot] = [stood_on] if stood_on else []
        self._stood_on = stood_on
        self._changed: dict[int, LedgerKnot] = {}
        self._history = history

    @property
    def changed(self) -> tuple[LedgerKnot, ...]:
        """The stored knots that were put or got other amounts, oldest first."""
        return tuple(self._changed[at] for at in sorted(self._changed))

    @property
    def retold(self) -> tuple[LedgerKnot, ...]:
        """The stored knot that was told again as it was."""
        stands = self.knots[:1] if self._stood_on else []
        return tuple(knot for knot in stands if knot.at not in self._changed and knot is not self._stood_on)

    def append(self, knot: LedgerKnot) -> None:
        """Put a knot after the last one."""
        self.knots.append(knot)

    def rewrite_last(self, knot: LedgerKnot) -> None:
        """Write the last knot anew, at its place."""
        was, self.knots[-1] = self.knots[-1], knot
        if was.values != knot.values or knot.at in self._changed:
            self._note_change(knot)

    def insert(self, knot: LedgerKnot) -> None:
        """Put a knot before the last one."""
        place = bisect_right(self.knots, knot.at, key=lambda other: other.at)
        if place:
            self.knots.insert(place, knot)
        self._note_change(knot)

    def around(self, at: int) -> tuple[LedgerKnot, LedgerKnot | None]:
        """The knots around an instant before the last one; OutOfOrderError where they are not known."""
        if at >= self.knots[0].at:
            place = bisect_right(self.knots, at, key=lambda knot: knot.at)
            return self.knots[place - 1], self.knots[place] if place < len(self.knots) else None
        found = self._history(at) if self._history else None
        if found is None:
            raise OutOfOrderError(at)
        known = {knot.at: knot for knot in (*found, self.knots[0]) if knot} | self._changed
        before, after = (
            max(other for other in known if other <= at),
            min(other for other in known if other > at),
        )
        return known[before], known[after]

    def _note_change(self, knot: LedgerKnot) -> None:
        if self._stood_on is not None and knot.at <= self._stood_on.at:
            self._changed[knot.at] = knot
