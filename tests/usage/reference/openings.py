"""How a line enters a period: the first of the meter, after a rollover, by a moved boundary, by a reset.

Rules kept here: everything told first was used since the period's begin, before anybody watched. After a
rollover the time up to the old end is a tail, the time between the periods a hole, and what the new
period tells is added to what the old one had come to. Where the boundary moved F is the greater of what
it was and what F was at the boundary plus the counter, for the total and for each model; the boundary
gets a knot where one fits between its neighbours. A model that is not told then may be hidden: what it
adds later counts from the boundary. A reset leaves one tail. Up to one and a half planned intervals a
stretch is measured, beyond that interpolated.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from tests.usage.reference.counters import Counters
from tests.usage.reference.lines import (
    BEFORE_WATCHING,
    HOLE,
    INTERPOLATED,
    MEASURED,
    MODEL,
    MOVED,
    TAIL,
    TOTAL,
    UNATTRIBUTED,
    Amounts,
    Knot,
    Line,
    Series,
)


@dataclass(frozen=True)
class Opened:
    """A line in its new period, F of total and models at its opening, and whether a knot fits there."""

    line: Line
    opening: Amounts
    fits: bool = True


def quality_of(length: int, interval: int) -> str:
    return MEASURED if 2 * length <= 3 * interval else INTERPOLATED


def opening_at(knot: Knot) -> Amounts:
    named = {series: amount for series, amount in knot.amounts.items() if series != UNATTRIBUTED}
    return {**named, TOTAL: knot.of(TOTAL)}


def reached(last: Knot, opening: Amounts, counters: Counters, falls: Collection[Series] = ()) -> Amounts:
    """The one equation, F(t) = F(s) + counter(t), where only what `falls` may come to less than it was."""
    told = {**counters, TOTAL: sum(counters.values())}
    amounts: dict[Series, Fraction] = {}
    for series in {*last.amounts, *told, TOTAL} - {UNATTRIBUTED}:
        amount = Fraction(opening.get(series, 0)) + told.get(series, 0)
        amounts[series] = amount if series in falls else max(amount, last.of(series))
    return _with_rest(amounts)


def _with_rest(amounts: Amounts) -> Amounts:
    """Amounts with a total as amounts with what no model is told for."""
    named = {series: amount for series, amount in amounts.items() if series != TOTAL}
    return {**named, UNATTRIBUTED: amounts[TOTAL] - sum(named.values())}


def first(starts: int, until: int, counters: Counters) -> Opened:
    line = Line([Knot(starts, {}, BEFORE_WATCHING)])
    line.put(until, reached(line.last, {}, counters), BEFORE_WATCHING)
    return Opened(line, {})


def rolled_over(
    line: Line, old_end: int, starts: int, until: int, counters: Counters, interval: int
) -> Opened:
    line = line.copy()
    opening = opening_at(line.last)
    line.flat_until(min(old_end, starts), TAIL)
    line.flat_until(starts, HOLE)
    fits = line.last.at == starts  # not where knots were put before the end was known
    line.put(until, reached(line.last, opening, counters), quality_of(until - line.last.at, interval))
    return Opened(line, opening, fits)


def reset(line: Line, until: int, counters: Counters | None) -> Opened:
    line = line.copy()
    opening = opening_at(line.last)
    if counters is None:
        return Opened(line, opening)
    fits = line.last.at < until  # else what is told after the end of both is one sum
    line.put(until, reached(line.last, opening, counters), TAIL)
    return Opened(line, opening, fits)


def boundary_moved(
    line: Line, starts: int, until: int, counters: Counters, *, knot_fits: bool = True
) -> Opened:
    """`knot_fits` is false where the knot does not fit for another metric: one that is put holds all."""
    line = line.copy()
    place = line.at_or_before(starts)
    at_boundary = opening_at(line.knots[place])
    amounts = reached(line.last, at_boundary, counters)
    more = max(-amounts[UNATTRIBUTED], 0)  # the models alone may come to more than the total
    amounts = {**amounts, UNATTRIBUTED: amounts[UNATTRIBUTED] + more}
    told = {series: amounts[series] - count for series, count in counters.items() if series.kind == MODEL}
    told[TOTAL] = sum(amounts.values()) - sum(counters.values())
    fits = knot_fits and _insert(line, place, starts, told)
    line.put(until, amounts, MOVED)
    return Opened(line, {**at_boundary, **told}, fits)


def _insert(line: Line, place: int, at: int, told: Amounts) -> bool:
    """Put a knot after the one at `place`, if all that is told fits there and nothing else moved.

    What no model is told for must fit too, in whichever direction it goes: it would fall otherwise, and no
    answer has told so.
    """
    before, after = line.knots[place], line.knots[place + 1]
    if before.at == at:
        return all(before.of(series) == amount for series, amount in told.items())
    untold = {*after.amounts} - {UNATTRIBUTED, *told}
    standing = all(before.of(series) == after.of(series) for series in untold)
    amounts = _with_rest({**opening_at(before), **told})
    low, high = sorted((before.of(UNATTRIBUTED), after.of(UNATTRIBUTED)))
    fits = standing and low <= amounts[UNATTRIBUTED] <= high
    fits &= all(before.of(series) <= amount <= after.of(series) for series, amount in told.items())
    if fits:
        line.knots.insert(place + 1, Knot(at, amounts, after.quality))
    return fits


def untold_at_moved_boundary(line: Line, starts: int) -> Opened:
    """A metric that the answer does not tell: what it adds later counts from the boundary, never twice."""
    return Opened(line, opening_at(line.knots[line.at_or_before(starts)]), fits=False)
