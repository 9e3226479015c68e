"""The quarters of an hour (UTC) in which series moved: what rollups are made of."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from usage.ledger.grid import QUARTER, between, moved, quarter_number
from usage.ledger.stretches import is_stretch
from usage.ledger.words import LedgerKnot, SeriesKey


class QuarterMove(NamedTuple):
    """A series in one quarter of an hour in which it moved; a named tuple because a poll makes a dozen.

    `number` names the quarter by its end, in quarters since 1970. `opening` and `value` are F at its start
    and its end, or at the first and the last knot where the knots end inside it.
    """

    series: SeriesKey
    number: int
    opening: int
    value: int


def quarters(knots: Sequence[LedgerKnot]) -> list[QuarterMove]:
    """The quarters in which a series moved from the first of the knots to the last, beside stretches.

    They ascend in each series. A stretch begins and ends in different quarters, so what moved in one quarter
    moved without a break.
    """
    rows: dict[tuple[SeriesKey, int], QuarterMove] = {}
    for before, after in pairwise(knots):
        if is_stretch(before, after):
            continue
        first, last = quarter_number(before.at + 1), quarter_number(after.at)
        for series in moved(before.values, after.values):
            for number, opening, value in _steps(before, after, series, first, last):
                row = rows.get((series, number))
                rows[series, number] = QuarterMove(series, number, row.opening if row else opening, value)
    return list(rows.values())


def _steps(
    before: LedgerKnot, after: LedgerKnot, series: SeriesKey, first: int, last: int
) -> Iterator[tuple[int, int, int]]:
    """(quarter, F at its start, F at its end) along one line, where the two differ."""
    opening = before.values.get(series, 0)
    for number in range(first, last):
        value = between(before, after, series, number * QUARTER)
        if value != opening:
            yield number, opening, value
        opening = value
    value = after.values.get(series, 0)
    if value != opening:
        yield last, opening, value
