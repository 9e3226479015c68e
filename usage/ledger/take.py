"""How one poll changes the ledger: one method for each row of the table."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from usage.ledger.words import (
    COVERAGE,
    DAY,
    METRICS,
    MICROSECOND,
    UNATTRIBUTED,
    Amounts,
    Event,
    LedgerAnnotation,
    LedgerKnot,
    PeriodSummary,
    Poll,
    Quality,
    SeriesKey,
    State,
    cumulative,
    without_zeroes,
)

# A period that begins further ahead than any clock can lag is a broken answer. Taking it would put every
# later poll before it, and stop the meter.
FUTURE_LIMIT = DAY

# Counters are stored in signed 64-bit columns, as are sums of them.
COUNTER_LIMIT = 1 << 60


# The stored knots around an instant: the last at or before it, and the first after; None where unknown.
type History = Callable[[int], tuple[LedgerKnot, LedgerKnot] | None]


class OutOfOrderError(Exception):
    """Polls cannot be appended: something before `since` is needed. Fold again from a knot before it."""

    def __init__(self, since: int) -> None:
        super().__init__(since)
        self.since = since


class Folder:
    """Takes polls in order of time. `knots` begins with the knot the state stands on.

    `inserted` are knots that moved boundaries put before it; `history` finds their neighbours.
    """

    def __init__(self, state: State | None, history: History | None = None) -> None:
        self.knots: list[LedgerKnot] = []
        self.inserted: list[LedgerKnot] = []
        self._history = history
        self.annotations: list[LedgerAnnotation] = []
        self._closed: list[PeriodSummary] = []
        self._period: PeriodSummary  # there from the first knot on
        self._at = self._seen = 0
        self._base: Amounts = {}
        self._counters: Amounts = {}
        self._coverage: dict[str, int] = {}
        self._pending: Poll | None = None
        if state is not None:
            self._resume(state)

    def state(self) -> State | None:
        if not self.knots:
            return None
        return State(
            self._at,
            self._seen,
            self._current(),
            dict(self._base),
            dict(self._counters),
            dict(self._coverage),
            self._pending,
        )

    def periods(self) -> tuple[PeriodSummary, ...]:
        """The periods touched, oldest first, with the open one last."""
        return (*self._closed, self._current()) if self.knots else ()

    def moves_boundary(self, poll: Poll) -> bool:
        """The poll's period began later than the current one, yet before its last poll."""
        return bool(self.knots) and is_plausible(poll) and self._period.start < poll.period_start < self._at

    def take(self, poll: Poll) -> None:
        """Apply one poll, later than all taken before."""
        self._seen = max(self._seen, poll.at)
        if not is_plausible(poll):
            self._annotate(Event.REJECTED, poll.at)
        elif not self.knots:
            self._take_first(poll)
        elif poll.period_start < self._period.start:
            self._annotate(Event.REJECTED, poll.at)
        elif poll.period_start == self._period.start:
            self._take_same_period(poll)
        elif self.moves_boundary(poll):
            self._take_moved_boundary(poll)
        else:
            self._take_new_period(poll)

    def _resume(self, state: State) -> None:
        self._period, self._at, self._seen = state.period, state.at, state.seen
        self._base, self._counters = dict(state.base), dict(state.counters)
        self._coverage, self._pending = dict(state.coverage), state.pending
        # The quality of a knot that is stored already is not asked for.
        period = state.period
        knot = LedgerKnot(state.at, Quality.MEASURED, state.values(), period.start, period.end, firm=True)
        self.knots.append(knot)

    def _current(self) -> PeriodSummary:
        return replace(self._period, counters=dict(self._counters), last_at=self._at)

    def _take_first(self, poll: Poll) -> None:
        self._at = poll.period_start
        start, end = poll.period_start, poll.period_end
        self.knots.append(LedgerKnot(start, Quality.UNKNOWN, {}, start, end, firm=False))
        self._open(poll)
        self._accept(poll, Quality.BEFORE_WATCHING)

    def _open(self, poll: Poll) -> None:
        """Begin a period: what was counted so far is its base."""
        self._base = cumulative(self._base, self._counters, {})
        self._counters = {}
        self._period = PeriodSummary(poll.period_start, poll.period_end, dict(self._base), {}, poll.at)

    def _take_same_period(self, poll: Poll) -> None:
        pending, self._pending = self._pending, None
        lowered = self._lowered(poll)
        if pending and not self._lowered(pending) & lowered:
            self._annotate(Event.GLITCH, pending.at)
            pending = None
        if not lowered:
            self._accept(poll, self._seen_how(poll))
        elif pending is None:
            self._pending = poll
        else:
            self._correct(pending)
            self._take_same_period(poll)

    def _lowered(self, poll: Poll) -> set[object]:
        """The counters (metrics for totals, series for models) that fell since the last accepted poll."""
        lowered: set[object] = {
            series for series, count in poll.models.items() if count < self._counters.get(series, 0)
        }
        for metric in METRICS:
            if poll.totals[metric] < self._total(metric):
                lowered.add(metric)
        return lowered

    def _total(self, metric: str) -> int:
        return sum(count for series, count in self._counters.items() if series.metric == metric)

    def _read(self, poll: Poll) -> Amounts:
        """The counters after a poll: models that disappeared keep theirs, the rest is unattributed."""
        counters = {series: count for series, count in self._counters.items() if series.model != UNATTRIBUTED}
        counters.update(poll.models)
        for metric in METRICS:
            named = sum(count for series, count in counters.items() if series.metric == metric)
            counters[SeriesKey(UNATTRIBUTED, metric)] = poll.totals[metric] - named
        return without_zeroes(counters)

    def _seen_how(self, poll: Poll, since: int | None = None) -> Quality:
        """Measured, or interpolated where a poll is missing between."""
        gap = poll.at - (self._at if since is None else since)
        return Quality.MEASURED if 2 * gap <= 3 * poll.interval else Quality.INTERPOLATED

    def _accept(self, poll: Poll, quality: Quality) -> None:
        counters = self._read(poll)
        self._annotate_residuals(counters, poll.at)
        self._counters = counters
        self._reach(poll, quality)

    def _annotate_residuals(self, counters: Amounts, at: int) -> None:
        for metric in METRICS:
            series = SeriesKey(UNATTRIBUTED, metric)
            before, after = self._counters.get(series, 0), counters.get(series, 0)
            if after < 0 <= before:
                self._annotate(Event.MISMATCH, at, {series: after})
            elif after < before:
                # The total kept still or grew: the provider named what it had not named before.
                self._annotate(Event.REATTRIBUTED, at, {series: after - before})

    def _reach(self, poll: Poll, quality: Quality) -> None:
        """Put the knot of an accepted poll."""
        if self._period.end != poll.period_end:
            self._period = replace(self._period, end=poll.period_end)
        # A correction stands on the poll that confirmed it: a fold cannot be taken up between the two.
        self._knot(poll.at, quality, firm=quality != Quality.CORRECTED)
        self._at = poll.at

    def _knot(self, at: int, quality: Quality, *, firm: bool) -> None:
        length = at - self.knots[-1].at
        self._coverage[quality] = self._coverage.get(quality, 0) + length
        period = self._period.start, self._period.end
        self.knots.append(LedgerKnot(at, quality, self._values(), *period, firm))

    def _values(self) -> Amounts:
        return cumulative(self._base, self._counters, self._coverage)

    def _correct(self, poll: Poll) -> None:
        """A confirmed fall: what grew grows up to the poll, what fell falls in its last microsecond."""
        before, after = self._counters, self._read(poll)
        steps = {key: after.get(key, 0) - before.get(key, 0) for key in (*before, *after)}
        fallen = {key: step for key, step in steps.items() if step < 0}
        if poll.at - MICROSECOND > self.knots[-1].at:
            self._counters = {key: before.get(key, 0) + max(step, 0) for key, step in steps.items()}
            self._knot(poll.at - MICROSECOND, self._seen_how(poll), firm=False)
        self._annotate(Event.CORRECTION, poll.at, fallen, since=poll.at - MICROSECOND)
        self._counters = after
        self._reach(poll, Quality.CORRECTED)

    def _take_new_period(self, poll: Poll) -> None:
        """The counters began again: what was used after the last poll nobody saw."""
        self._drop_pending()
        start, end = poll.period_start, self._period.end
        seen_until = start if end is None or end > start else max(end, self._at)
        self._closed.append(replace(self._current(), tail=seen_until - self._at))
        if seen_until > self._at:
            self._knot(seen_until, Quality.TAIL_UNKNOWN, firm=False)
        if start > seen_until:
            self._annotate(Event.HOLE, start, since=seen_until)
            self._knot(start, Quality.UNKNOWN, firm=False)
        self._annotate(Event.ROLLOVER, start + MICROSECOND, since=self._at)
        self._open(poll)
        self._accept(poll, self._seen_how(poll, since=start))

    def _drop_pending(self) -> None:
        if self._pending is not None:
            self._annotate(Event.UNCONFIRMED, self._pending.at)
            self._pending = None

    def _take_moved_boundary(self, poll: Poll) -> None:
        """The period began before our last poll: never fall, and never count twice what we saw."""
        before, after = self._around(poll.period_start)
        self._drop_pending()
        start, last = before.values, self._values()
        rolled = self._period.end is not None and poll.period_start >= self._period.end
        self._closed.append(replace(self._current(), superseded=not rolled))
        self._counters = {}
        counters = self._read(poll)
        series = {key for key in (*last, *counters) if key.metric != COVERAGE}
        reached = {key: max(last.get(key, 0), start.get(key, 0) + counters.get(key, 0)) for key in series}
        self._base = without_zeroes({key: reached[key] - counters.get(key, 0) for key in series})
        exact = self._fits(before, after, poll.period_start)
        if exact and before.at < poll.period_start:
            self._insert(before, after, poll.period_start)
        self._annotate(Event.BOUNDARY_MOVED, poll.at, since=poll.period_start)
        self._period = PeriodSummary(
            poll.period_start, poll.period_end, dict(self._base), {}, poll.at, exact=exact
        )
        self._counters = counters
        self._reach(poll, Quality.BOUNDARY_MOVED)

    def _around(self, at: int) -> tuple[LedgerKnot, LedgerKnot]:
        """The knots around an instant of the past. Raises OutOfOrderError where they are not known."""
        if at >= self.knots[0].at:
            index = bisect_right(self.knots, at, key=lambda knot: knot.at)
            return self.knots[index - 1], self.knots[index]
        found = self._history(at) if self._history else None
        if found is None:
            raise OutOfOrderError(at)
        before = max([found[0], *(knot for knot in self.inserted if knot.at <= at)], key=lambda knot: knot.at)
        after = min([found[1], *(knot for knot in self.inserted if knot.at > at)], key=lambda knot: knot.at)
        return before, after

    def _fits(self, before: LedgerKnot, after: LedgerKnot, at: int) -> bool:
        """Whether the base lies between the neighbours that a knot at `at` has."""
        upper = before if before.at == at else after
        series = {key for key in (*upper.values, *self._base) if key.metric != COVERAGE}
        return all(
            before.values.get(key, 0) <= self._base.get(key, 0) <= upper.values.get(key, 0) for key in series
        )

    def _insert(self, before: LedgerKnot, after: LedgerKnot, at: int) -> None:
        """Put the base as a knot between two."""
        values = {key: value for key, value in after.values.items() if key.metric == COVERAGE}
        values[SeriesKey(after.quality, COVERAGE)] -= after.at - at
        values.update(self._base)
        knot = replace(before, at=at, quality=after.quality, values=without_zeroes(values), firm=False)
        if at < self.knots[0].at:
            self.inserted.append(knot)
        else:
            self.knots.insert(bisect_right(self.knots, at, key=lambda knot: knot.at), knot)

    def _annotate(
        self, event: Event, at: int, amounts: Amounts | None = None, since: int | None = None
    ) -> None:
        since = self._at if since is None else since
        self.annotations.append(LedgerAnnotation(event, min(since, at), at, amounts or {}))


def is_plausible(poll: Poll) -> bool:
    """Whether an answer can be a counter at all."""
    counts = (*poll.totals.values(), *poll.models.values())
    return poll.period_start - poll.asked <= FUTURE_LIMIT and all(
        0 <= count < COUNTER_LIMIT for count in counts
    )
