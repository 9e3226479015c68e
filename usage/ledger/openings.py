"""F where a period does not simply go on: after a hidden reading, a fall, or a boundary that moved."""

from collections.abc import Container, Mapping, Set
from dataclasses import dataclass

from usage.ledger.counters import TOTAL
from usage.ledger.polls import Poll
from usage.ledger.state import coverage_of, with_coverage, without_coverage
from usage.ledger.words import (
    OTHER_MODELS,
    UNATTRIBUTED,
    Amounts,
    LedgerKnot,
    SeriesKey,
    series_of,
    sum_of,
    without_zeroes,
)


def reached(
    last: Mapping[SeriesKey, int],
    opening: Mapping[SeriesKey, int],
    counters: Mapping[SeriesKey, int],
    falls: Container[SeriesKey] = (),
) -> Amounts:
    """F(s) + counter for totals and models, never less than it was but where it `falls`; the rest follows."""
    amounts: Amounts = {}
    for metric in metrics_of(last, opening, counters):
        sums = [sum_of(part, metric) for part in (last, opening, counters)]
        total = max_of(series_of(TOTAL, metric), falls, *sums)
        for series in {*last, *opening, *counters}:
            if series.metric == metric and series.model != UNATTRIBUTED:
                parts = [part.get(series, 0) for part in (last, opening, counters)]
                amounts[series] = max_of(series, falls, *parts)
        amounts[series_of(UNATTRIBUTED, metric)] = total - sum_of(amounts, metric)
    return without_zeroes(amounts)


def max_of(series: SeriesKey, falls: Container[SeriesKey], last: int, opening: int, count: int) -> int:
    """F of one series."""
    return opening + count if series in falls else max(last, opening + count)


def metrics_of(*parts: Mapping[SeriesKey, int]) -> list[str]:
    """The metrics of some amounts."""
    return sorted({series.metric for part in parts for series in part})


@dataclass(frozen=True, slots=True)
class Moved:
    """F at a poll whose period began between two knots, F at that begin, and whether a knot fits there."""

    amounts: Amounts
    opening: Amounts
    fits: bool


def moved_boundary(
    before: LedgerKnot,
    after: LedgerKnot,
    last: Amounts,
    poll: Poll,
    counters: Amounts,
    seats: Set[str],
) -> Moved:
    """What a poll says whose period began between two knots: never fall, and never count twice what we saw.

    F is the greater of what it was and what it was at the knot before plus the counter, for totals and
    models; a total is lifted to the sum of its models. What the poll does not tell may be hidden: it counts
    on from the knot before.
    """
    at_boundary = without_coverage(before.values)
    amounts = reached(last, at_boundary, counters)
    opening = dict(at_boundary)
    for metric in poll.totals:
        rest = series_of(UNATTRIBUTED, metric)
        amounts[rest] = max(amounts.get(rest, 0), 0)
        named = {
            series
            for series in poll.models
            if series.metric == metric and series.model in seats and series.model != OTHER_MODELS
        }
        for series in named:
            opening[series] = amounts.get(series, 0) - counters.get(series, 0)
        total = sum_of(amounts, metric) - sum_of(counters, metric)
        opening.pop(rest, None)
        opening[rest] = total - sum_of(opening, metric)
    opening, amounts = without_zeroes(opening), without_zeroes(amounts)
    return Moved(amounts, opening, fits_between(before, after, poll, opening, seats))


def fits_between(
    before: LedgerKnot, after: LedgerKnot, poll: Poll, opening: Mapping[SeriesKey, int], seats: Set[str]
) -> bool:
    """Whether F at the period's start lies between its neighbours, and nothing that is untold moved there."""
    upper = before if before.at == poll.period_start else after
    for metric in metrics_of(without_coverage(upper.values), opening):
        if metric not in poll.totals:
            return False
        low, high, total = (sum_of(part, metric) for part in (before.values, upper.values, opening))
        rest = series_of(UNATTRIBUTED, metric)
        ends = before.values.get(rest, 0), upper.values.get(rest, 0)
        if not low <= total <= high or not min(ends) <= opening.get(rest, 0) <= max(ends):
            return False
    lines = {*without_coverage(before.values), *without_coverage(upper.values), *opening}
    return all(
        before.values.get(series, 0) <= opening.get(series, 0) <= upper.values.get(series, 0)
        if series in poll.models and series.model in seats
        else before.values.get(series, 0) == upper.values.get(series, 0)
        for series in lines
        if series.model != UNATTRIBUTED
    )


def knot_between(before: LedgerKnot, after: LedgerKnot, at: int, opening: Amounts) -> LedgerKnot:
    """A knot at the start of a period, between two."""
    coverage = coverage_of(after.values)
    coverage[after.quality] -= after.at - at
    return LedgerKnot(
        at,
        after.quality,
        with_coverage(opening, coverage),
        before.period_start,
        before.period_end,
        firm=False,
        polled_at=at,
    )
