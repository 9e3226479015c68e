"""Stretches: time between two knots whose spread nobody saw, kept as one row each and never as quarters.

Whether the time between two knots is a stretch follows from these two alone, whatever came before or after,
so it is the same however the polls arrive. It is one where it lasts over six hours, or where its quarters
would be too many rows: an interval over q quarters in which m series move (the time watched is one) writes
q × m rows of quarters and of days two at most for each series, and as many again for the team, that is
2 × m × (q + min(q, 2)). These are too many

- beyond 500;
- beyond 6 × m + 130, so that all rows of one poll stay within 6 × series + 200: beside the interval itself a
  poll may write a tail and a hole before it (20 rows each), three knots, two periods and some notes. A tail
  and a hole are short for that: where nothing but the time watched moves, nothing is lost, and eight quarters
  are enough.

An interval within one quarter is never a stretch: its spread is known as well as any. So an everyday poll
writes 4 × m rows, or 8 × m where it crosses the end of a quarter and more than 62 series do not move at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from usage.ledger.grid import moved, quarter_number
from usage.ledger.words import (
    COVERAGE,
    SECOND,
    Amounts,
    LedgerKnot,
    Quality,
    series_of,
    without_zeroes,
)

LONGEST = 6 * 3_600 * SECOND
MOST_ROWS = 500
# Rows for each series that moves, and beside.
ROWS_OF_SERIES, ROWS_BESIDE = 6, 130
# Where nothing was used.
MOST_QUIET_QUARTERS = 8


@dataclass(frozen=True, slots=True)
class LedgerStretch:
    """What each series rose by in [start, end), all of it seen in one `quality`. Times are microseconds.

    Of the time watched nothing is in `amounts`: it is the length.
    """

    start: int
    end: int
    quality: Quality
    amounts: Amounts

    def within(self, start: int, end: int) -> Amounts:
        """What straight lines put into the part of it in [start, end), and how long that part is.

        Parts that meet add up to the whole, to the token.
        """
        start, end = max(start, self.start), min(end, self.end)
        if start >= end:
            return {}
        return self.cut(start, end).amounts | {series_of(self.quality, COVERAGE): end - start}

    def cut(self, start: int, end: int) -> "LedgerStretch":
        """The part of it in [start, end), which it overlaps."""
        start, end = max(start, self.start), min(end, self.end)
        rises = {series: self._part(rise, start, end) for series, rise in self.amounts.items()}
        return replace(self, start=start, end=end, amounts=without_zeroes(rises))

    def _part(self, rise: int, start: int, end: int) -> int:
        length = self.end - self.start
        return rise * (end - self.start) // length - rise * (start - self.start) // length


def is_stretch(before: LedgerKnot, after: LedgerKnot) -> bool:
    """Tell whether the time between two knots is kept as one row."""
    if after.at - before.at > LONGEST:
        return True
    quarters = quarter_number(after.at) - quarter_number(before.at + 1) + 1
    if quarters == 1:
        return False
    # What there is bounds what moves, and is counted faster: most polls are done here.
    if quarters <= MOST_QUIET_QUARTERS and not _are_too_many(
        quarters, len(before.values) + len(after.values)
    ):
        return False
    series = list(moved(before.values, after.values))
    if all(line.metric == COVERAGE for line in series):
        return quarters > MOST_QUIET_QUARTERS
    return _are_too_many(quarters, len(series))


def _are_too_many(quarters: int, series: int) -> bool:
    rows = 2 * series * (quarters + min(quarters, 2))
    return rows > min(MOST_ROWS, ROWS_OF_SERIES * series + ROWS_BESIDE)


def stretches_of(knots: Sequence[LedgerKnot]) -> list[LedgerStretch]:
    """The stretches from the first of the knots to the last, oldest first."""
    return [_between(before, after) for before, after in pairwise(knots) if is_stretch(before, after)]


def _between(before: LedgerKnot, after: LedgerKnot) -> LedgerStretch:
    rises = {
        series: after.values.get(series, 0) - before.values.get(series, 0)
        for series in moved(before.values, after.values)
        if series.metric != COVERAGE
    }
    return LedgerStretch(before.at, after.at, after.quality, rises)
