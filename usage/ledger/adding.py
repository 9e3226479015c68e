"""Adding up: what is believed becomes knots, periods and notes. What is believed is decided in believing.py.

F(t) = F(s) + counter(t), for t up to the period's end: a counter speaks of its own period only. What is told
after the end raises F there; its knot stays where it is. How a period begins is told in entering.py.
"""

from collections.abc import Mapping
from dataclasses import replace

from usage.ledger import openings
from usage.ledger.counters import fallen, read, seats_of_new_period, seats_with_newcomers, without_others
from usage.ledger.line import History, Line
from usage.ledger.polls import Poll
from usage.ledger.state import State, added
from usage.ledger.words import (
    COST,
    MICROSECOND,
    OTHER_MODELS,
    UNATTRIBUTED,
    Amounts,
    Event,
    LedgerAnnotation,
    LedgerKnot,
    PeriodSummary,
    Quality,
    SeriesKey,
    series_of,
    sum_of,
    without_zeroes,
)

# No F, a sum of counters, comes to more, whatever a server says: so the sums over a thousand keys stay within
# the integers of databases, and each number is exact in a browser.
LARGEST = 1 << 53


class Sums:
    """All that believed polls have come to.

    A knot is firm where its poll was believed at once: those that came at `firm_from` or later. `taking` is
    the instant of the poll that is looked at.
    """

    def __init__(self, state: State | None, history: History | None, most_seats: int) -> None:
        self.line = Line(state.knot(firm=True) if state else None, history)
        self.notes: list[LedgerAnnotation] = []
        self.closed: list[PeriodSummary] = []
        self.firm_from = 0
        self.taking = 0
        self._state = state
        self._most_seats = most_seats

    @property
    def is_empty(self) -> bool:
        """Whether nothing was believed yet."""
        return self._state is None

    @property
    def state(self) -> State:
        """How far it has come; something was believed."""
        if self._state is None:
            raise ValueError("Nothing was believed yet.")
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        self._state = state

    def falls_of(self, poll: Poll) -> Amounts:
        """How far a poll of the open period is below what is believed; empty where it is not."""
        return fallen(self.state.counters, poll, self.seats_for(poll))

    def seats_for(self, poll: Poll) -> frozenset[str]:
        """The seats of the open period once a poll is believed."""
        return seats_with_newcomers(self.state.seats, poll, self._most_seats)

    def new_seats(self, poll: Poll) -> frozenset[str]:
        """The seats of a period that a poll opens: models that moved in the one before come first."""
        moved: set[str] = set()
        if not self.is_empty:
            opening, amounts = self.state.period.opening, self.state.amounts
            moved = {series.model for series, amount in amounts.items() if amount != opening.get(series, 0)}
        return seats_of_new_period(poll, moved - {UNATTRIBUTED, OTHER_MODELS}, self._most_seats)

    def learn_end(self, end: int | None) -> None:
        """The open period is told to end then: the largest end counts, and one that shrank is not exact."""
        period = self.state.period
        if end is not None and end != period.end:
            largest = end if period.end is None else max(end, period.end)
            exact = period.exact and largest == end and self.state.at <= largest
            self.state = replace(self.state, period=replace(period, end=largest, exact=exact))

    def set_end(self, end: int | None) -> None:
        """Go back to what was known of the open period's end."""
        self.state = replace(self.state, period=replace(self.state.period, end=end))

    def grow(self, poll: Poll) -> bool:
        """Add a poll of the open period that fell nowhere; tell whether it can be stored."""
        state, seats = _with_first_costs(self.state, poll), self.seats_for(poll)
        opening, counters = state.period.opening, read(state.counters, poll, seats)
        amounts = added(opening, counters)
        is_ahead = state.is_ahead
        if is_ahead:
            shown = openings.reached(state.amounts, opening, counters)
            amounts, is_ahead = shown, shown != amounts
        quality = how_seen(state.period.until(poll.at) - state.at, poll)
        state = replace(state, polled_at=poll.at, counters=counters, seats=seats, is_ahead=is_ahead)
        return self.go_on(state, poll, amounts, quality)

    def step_down(self, poll: Poll) -> bool:
        """Believe a fall: what grew grows up to the poll, what fell falls in its last microsecond."""
        state, seats, falls = self.state, self.seats_for(poll), self.falls_of(poll)
        counters = read(without_others(state.counters, poll.totals), poll, seats)
        lower = {*falls, *(series_of(OTHER_MODELS, metric) for metric in poll.totals)}
        amounts = openings.reached(state.amounts, state.period.opening, counters, lower)
        if not can_be_stored(amounts):
            return False
        steps = {series: counters.get(series, 0) - count for series, count in state.counters.items()}
        taken = {series: step for series, step in steps.items() if step < 0}
        at = state.period.until(poll.at)
        # Its bar may lie at the period's end, long before the poll.
        self.note(Event.CORRECTION, poll.at, taken, since=at - MICROSECOND)
        is_ahead = amounts != added(state.period.opening, counters)
        self.state = replace(state, counters=counters, seats=seats, polled_at=poll.at, is_ahead=is_ahead)
        lines = {*state.amounts, *amounts}
        risen = {series: max(state.amounts.get(series, 0), amounts.get(series, 0)) for series in lines}
        if at <= state.at:
            self._step_in_last_knot(amounts, risen)
            return True
        if at - MICROSECOND > state.at:
            self.put(at - MICROSECOND, risen, how_seen(at - state.at, poll))
        self.put(at, amounts, Quality.CORRECTED)
        return True

    def go_on(self, state: State, poll: Poll, amounts: Amounts, quality: Quality) -> bool:
        """Move on to a state and put a poll's knot; tell whether it can be stored."""
        if not can_be_stored(amounts):
            return False
        is_same = self.state.period.start == state.period.start
        self._note_residuals(self.state.counters if is_same else {}, state, poll)
        self.state = state
        self.put(state.period.until(poll.at), amounts, quality, firm=poll.at >= self.firm_from)
        return True

    def put(self, at: int, amounts: Amounts, quality: Quality, *, firm: bool = False) -> None:
        """Put a knot; where the line has come that far already, its last knot takes the amounts."""
        state = self.state
        if at <= state.at:
            self.state = replace(state, amounts=without_zeroes(amounts))
            self.line.rewrite_last(self._knot(firm=firm))
            return
        coverage = dict(state.coverage)
        coverage[quality] = coverage.get(quality, 0) + at - state.at
        amounts = without_zeroes(amounts)
        self.state = replace(state, at=at, quality=quality, amounts=amounts, coverage=coverage)
        self.line.append(self._knot(firm=firm))

    def close(self, end: int, *, tail: int, exact: bool, superseded: bool = False) -> None:
        """End the open period: nobody saw its last microseconds, a `tail`."""
        state = self.state
        ends = end if state.period.end is None else min(end, state.period.end)
        period = replace(state.period, end=ends, tail=tail, exact=exact, superseded=superseded)
        self.closed.append(replace(period, counters=state.counters, last_at=state.at))

    def note(self, event: Event, at: int, amounts: Amounts | None = None, since: int | None = None) -> None:
        """Tell something of the time since the last knot, or since another instant."""
        if since is None:
            since = at if self.is_empty else self.state.at
        self.notes.append(LedgerAnnotation(event, min(since, at), at, self.taking, amounts or {}))

    def _knot(self, *, firm: bool) -> LedgerKnot:
        # Where something is hidden its counter cannot be told from the knot.
        return self.state.knot(firm=firm and not self.state.is_ahead)

    def _step_in_last_knot(self, amounts: Amounts, risen: Amounts) -> None:
        """A fall that was told after the period's end: the last microsecond before the last knot takes it."""
        state, at = self.state, self.state.at
        coverage = dict(state.coverage)
        coverage[state.quality] -= MICROSECOND
        before, _ = self.line.around(at - MICROSECOND)
        if before.at < at - MICROSECOND:
            step = replace(state, at=at - MICROSECOND, amounts=without_zeroes(risen), coverage=coverage)
            self.line.insert(step.knot(firm=False))
        coverage = coverage | {Quality.CORRECTED: coverage.get(Quality.CORRECTED, 0) + MICROSECOND}
        corrected = replace(
            state, quality=Quality.CORRECTED, amounts=without_zeroes(amounts), coverage=coverage
        )
        self.state = corrected
        self.line.rewrite_last(self._knot(firm=False))

    def _note_residuals(self, before: Mapping[SeriesKey, int], state: State, poll: Poll) -> None:
        for metric in poll.totals:
            series = series_of(UNATTRIBUTED, metric)
            was, now = before.get(series, 0), state.counters.get(series, 0)
            if now < 0 <= was:
                self.note(Event.MISMATCH, poll.at, {series: now}, self._moves_since(state, poll))
            elif now < was:
                # The total kept still or grew: the provider named what it had not named before.
                self.note(Event.REATTRIBUTED, poll.at, {series: now - was}, self._moves_since(state, poll))

    def _moves_since(self, state: State, poll: Poll) -> int:
        """Where the line begins that a poll moves: told after the end, it is the one before the last knot."""
        is_later = state.period.until(poll.at) > state.at
        return state.at if is_later else self.line.around(state.at - MICROSECOND)[0].at


def how_seen(length: int, poll: Poll) -> Quality:
    """Measured, or interpolated where a poll is missing between."""
    return Quality.MEASURED if 2 * length <= 3 * poll.interval else Quality.INTERPOLATED


def can_be_stored(amounts: Mapping[SeriesKey, int]) -> bool:
    """Whether no series and no total is beyond what can be counted."""
    if sum(map(abs, amounts.values())) <= LARGEST:
        return True
    totals = [sum_of(amounts, metric) for metric in openings.metrics_of(amounts)]
    return all(abs(amount) <= LARGEST for amount in (*amounts.values(), *totals))


def _with_first_costs(state: State, poll: Poll) -> State:
    """A cost that is told for the first time within a period is counted from there on.

    When it arose before, nobody can tell; of tokens and requests every poll tells.
    """
    costs = {
        series_of(UNATTRIBUTED, metric): -total
        for metric, total in poll.totals.items()
        if metric.startswith(COST) and series_of(UNATTRIBUTED, metric) not in state.amounts
    }
    if not costs:
        return state
    return replace(state, period=replace(state.period, opening={**state.period.opening, **costs}))
