"""How a period begins: the first of a meter, by a rollover, by a decision, or by a boundary that moved.

Each function tells whether what follows can be stored; where it cannot, nothing has changed.
"""

from dataclasses import replace

from usage.ledger import openings
from usage.ledger.adding import Sums, can_be_stored, how_seen
from usage.ledger.counters import read
from usage.ledger.polls import Poll
from usage.ledger.state import State, added
from usage.ledger.words import MICROSECOND, UNATTRIBUTED, Event, PeriodSummary, Quality, series_of


def begin(sums: Sums, poll: Poll) -> bool:
    """Begin the first period of a meter: what it tells was used before anybody watched."""
    start, seats = poll.period_start, sums.new_seats(poll)
    counters = read({}, poll, seats)
    if not can_be_stored(counters):
        return False
    period = PeriodSummary(start, start, poll.period_end, {}, {}, start)
    sums.state = State(start, Quality.UNKNOWN, start, start, period, {}, {}, {}, seats)
    sums.line.append(sums.state.knot(firm=False))
    opened = replace(sums.state, polled_at=poll.at, counters=counters)
    return sums.go_on(opened, poll, counters, Quality.BEFORE_WATCHING)


def roll_over(sums: Sums, poll: Poll) -> bool:
    """The counters began again: what was used between the last poll and the old period's end nobody saw."""
    state, start, seats = sums.state, poll.period_start, sums.new_seats(poll)
    counters = read(state.told_costs(), poll, seats)
    amounts = added(state.amounts, counters)
    if not can_be_stored(amounts):
        return False
    stop = state.period.until(start)
    sums.note(Event.ROLLOVER, start + MICROSECOND)
    sums.close(stop, tail=max(stop - state.at, 0), exact=state.period.exact and state.at <= stop)
    if stop > sums.state.at:
        sums.put(stop, state.amounts, Quality.TAIL_UNKNOWN)
    if start > sums.state.at:
        sums.note(Event.HOLE, start, since=sums.state.at)
        sums.put(start, state.amounts, Quality.UNKNOWN)
    # Where knots were put beyond the start, before the end was known, the two periods cannot be told apart.
    exact = sums.state.at == start
    period = PeriodSummary(start, start, poll.period_end, state.amounts, {}, start, exact=exact)
    quality = how_seen(period.until(poll.at) - sums.state.at, poll)
    opened = replace(
        sums.state, polled_at=poll.at, period=period, counters=counters, seats=seats, is_ahead=False
    )
    return sums.go_on(opened, poll, amounts, quality)


def begin_again(sums: Sums, poll: Poll) -> bool:
    """A person says that the counter began again: a period opens at the last knot, and the gap is a tail."""
    state, seats = sums.state, sums.new_seats(poll)
    counters = read(state.told_costs(), poll, seats)
    amounts = added(state.amounts, counters)
    if not can_be_stored(amounts):
        return False
    until = state.period.until(poll.at)
    # What is told after the end of both is one sum.
    exact = state.period.exact and state.at < until
    sums.note(Event.RESET, poll.at)
    sums.close(state.at, tail=max(until - state.at, MICROSECOND), exact=exact)
    start, told, end = state.at, state.period.told_start, state.period.end
    period = PeriodSummary(start, told, end, state.amounts, {}, start, exact=exact)
    opened = replace(state, polled_at=poll.at, period=period, counters=counters, seats=seats, is_ahead=False)
    return sums.go_on(opened, poll, amounts, Quality.TAIL_UNKNOWN)


def move_boundary(sums: Sums, poll: Poll) -> bool:
    """The period began before our last poll: never fall, and never count twice what we saw."""
    state, seats, start = sums.state, sums.seats_for(poll), poll.period_start
    before, after = sums.line.around(start)
    if after is None:
        raise ValueError("A boundary moves before the last knot.")
    counters = read(state.told_costs(), poll, seats)
    moved = openings.moved_boundary(before, after, state.amounts, poll, counters, seats)
    if not can_be_stored(moved.amounts):
        return False
    sums.note(Event.BOUNDARY_MOVED, poll.at, since=start)
    for metric in poll.totals:
        rest = series_of(UNATTRIBUTED, metric)
        if (fall := moved.amounts.get(rest, 0) - state.amounts.get(rest, 0)) < 0:
            sums.note(Event.REATTRIBUTED, poll.at, {rest: fall})
    sums.close(start, tail=max(start - state.at, 0), exact=False, superseded=True)
    if moved.fits and before.at < start:
        sums.line.insert(openings.knot_between(before, after, start, moved.opening))
    period = PeriodSummary(start, start, poll.period_end, moved.opening, {}, start, exact=moved.fits)
    is_ahead = moved.amounts != added(moved.opening, counters)
    opened = replace(
        state, polled_at=poll.at, period=period, counters=counters, seats=seats, is_ahead=is_ahead
    )
    return sums.go_on(opened, poll, moved.amounts, Quality.BOUNDARY_MOVED)
