"""Believing: which polls count, which wait, which are kept without being counted.

An older period is stale. A counter that falls is a doubt: F stands still until a poll half an hour later
still confirms it, and all between did; then it is taken at the first of them, and the polls since are taken
as if it had been believed at once. A return to where it was, or a newer period, ends the doubt.
"""

from collections.abc import Container
from dataclasses import replace

from usage.ledger import entering
from usage.ledger.adding import Sums
from usage.ledger.line import History
from usage.ledger.polls import Poll, why_unusable
from usage.ledger.state import State
from usage.ledger.words import MINUTE, SEATS, Event, PeriodSummary

CONFIRMED_AFTER = 30 * MINUTE


class Folder:
    """Takes polls in order of time.

    `resets` are the instants of polls of which a person said that the counter had begun again.
    """

    def __init__(
        self,
        state: State | None,
        history: History | None = None,
        resets: Container[int] = (),
        most_seats: int = SEATS,
    ) -> None:
        self.sums = Sums(state, history, most_seats)
        # {start of a period: {metric: the most that was told of it after a newer one}}
        self.told_late: dict[int, dict[str, int]] = {}
        self._resets = resets
        self._seen = state.seen if state else 0
        self._doubted: list[Poll] = list(state.pending) if state else []

    def state(self) -> State | None:
        """How far the fold has come; None where nothing was believed."""
        if self.sums.is_empty:
            return None
        return replace(self.sums.state, seen=self._seen, pending=tuple(self._doubted))

    def periods(self) -> tuple[PeriodSummary, ...]:
        """The periods touched, oldest first, with the open one last."""
        if self.sums.is_empty:
            return ()
        state = self.sums.state
        return (*self.sums.closed, replace(state.period, counters=state.counters, last_at=state.at))

    def take(self, poll: Poll) -> None:
        """Apply one poll, later than all taken before."""
        self.sums.taking, self._seen = poll.at, max(self._seen, poll.at)
        if why_unusable(poll):
            self.sums.note(Event.REJECTED, poll.at)
        elif self.sums.is_empty:
            self._believe(poll, entering.begin(self.sums, poll))
        elif poll.period_start < self.sums.state.period.told_start:
            self._keep_stale(poll)
        elif poll.period_start > self.sums.state.period.told_start:
            self._enter(poll)
        elif poll.at in self._resets:
            self._believe(poll, entering.begin_again(self.sums, poll))
        else:
            self._go_on(poll)

    def _enter(self, poll: Poll) -> None:
        """A newer period. Only one that begins before the old one's end and last knot moved its boundary."""
        state = self.sums.state
        if poll.period_start < state.period.until(state.at):
            self._believe(poll, entering.move_boundary(self.sums, poll), Event.UNCONFIRMED)
        else:
            self._believe(poll, entering.roll_over(self.sums, poll), Event.UNCONFIRMED)

    def _believe(self, poll: Poll, is_stored: bool, doubt: Event = Event.GLITCH) -> None:
        """A poll was believed, unless it adds up to more than can be stored; `doubt` is what a doubt was."""
        if not is_stored:
            self.sums.note(Event.REJECTED, poll.at)
        elif self._doubted:
            first, self._doubted = self._doubted[0], []
            self.sums.note(doubt, first.at)

    def _go_on(self, poll: Poll) -> None:
        self.sums.learn_end(poll.period_end)
        if not self.sums.falls_of(poll):
            self._believe(poll, self.sums.grow(poll))
            return
        # What was known of the period's end by then is known again when the fall is believed.
        self._doubted.append(replace(poll, period_end=self.sums.state.period.end))
        if poll.at - self._doubted[0].at >= CONFIRMED_AFTER:
            self._believe_fall(poll.at)

    def _believe_fall(self, confirmed_at: int) -> None:
        first, *since = self._doubted
        self._doubted = []
        # A fold cannot be taken up between the fall and the poll that confirmed it.
        self.sums.firm_from = max(self.sums.firm_from, confirmed_at)
        self.sums.set_end(first.period_end)
        if not self.sums.step_down(first):
            self.sums.note(Event.REJECTED, first.at)
        for poll in since:
            self.take(poll)

    def _keep_stale(self, poll: Poll) -> None:
        self.sums.note(Event.REJECTED, poll.at)
        late = self.told_late.setdefault(poll.period_start, {})
        for metric, total in poll.totals.items():
            late[metric] = max(total, late.get(metric, 0))
