"""What a database keeps of a meter, in memory: knots, periods, notes and a state, as `Changes` say."""

import json
from dataclasses import dataclass, field, replace

from usage.ledger import Changes, LedgerAnnotation, LedgerKnot, PeriodSummary, Poll, State, extend
from usage.ledger.codec import dump_state, load_state, state_at


@dataclass
class Store:
    """One meter. Its state makes the way through JSON each time."""

    resets: frozenset[int] = frozenset()
    seats: int = 100
    knots: dict[int, LedgerKnot] = field(default_factory=dict)
    periods: dict[int, PeriodSummary] = field(default_factory=dict)
    notes: list[LedgerAnnotation] = field(default_factory=list)
    state: State | None = None

    def add(self, polls: list[Poll]) -> None:
        """Take polls later than all before."""
        state, changes = extend(self.state, polls, self.around, self.resets, self.seats)
        self.write(state, changes)

    def write(self, state: State | None, changes: Changes) -> None:
        stood_on = [] if changes.first or not changes.knots else [changes.knots[0].at]
        new = [knot for knot in changes.knots if knot.at not in stood_on]
        self.knots |= {knot.at: knot for knot in (*changes.changed, *changes.retold, *new)}
        self.periods |= {period.start: period for period in changes.periods}
        self.notes += changes.annotations
        self.state = load_state(json.loads(json.dumps(dump_state(state)))) if state else None

    def around(self, at: int) -> tuple[LedgerKnot, LedgerKnot | None] | None:
        before = max((other for other in self.knots if other <= at), default=None)
        after = min((other for other in self.knots if other > at), default=None)
        return (self.knots[before], self.knots[after] if after else None) if before else None

    def folded_again_from(self, at: int, polls: list[Poll]) -> "Store":
        """The store without what follows a firm knot, and the polls after that knot's added once more."""
        anchor = self.knots[at]
        knots = {other: knot for other, knot in self.knots.items() if other <= at}
        start = anchor.period_start
        periods = {begin: period for begin, period in self.periods.items() if begin < start}
        notes = [note for note in self.notes if note.polled_at <= anchor.polled_at]
        again = Store(self.resets, self.seats, knots, periods, notes, state_at(anchor, self.periods[start]))
        again.add([poll for poll in polls if poll.at > anchor.polled_at])
        return again

    def content(self) -> tuple[object, ...]:
        """All of it, to be compared; who was looked at last is no content."""
        knots = tuple(self.knots[at] for at in sorted(self.knots))
        periods = tuple(self.periods[start] for start in sorted(self.periods))
        state = replace(self.state, seen=0) if self.state else None
        return knots, periods, sorted(self.notes, key=repr), state
