"""The state of a fold: all that is needed to take the next poll."""

from collections.abc import Mapping
from dataclasses import dataclass

from usage.ledger.polls import Poll
from usage.ledger.words import (
    COST,
    COVERAGE,
    Amounts,
    LedgerKnot,
    PeriodSummary,
    Quality,
    SeriesKey,
    series_of,
    sum_of,
    without_zeroes,
)


@dataclass(frozen=True, slots=True)
class State:
    """How far a fold has come: its last knot, the open period, and the polls that wait to be believed.

    `at` is the last knot, `quality` how the time before it was seen, `polled_at` the last believed poll,
    `seen` the last one looked at. `amounts` are F of every series at `at`; `counters` the last believed
    reading; `coverage` the watched microseconds by quality. `pending` are the polls since the counter fell.
    `is_ahead` says that some F is more than the period's opening and counter: told before a boundary moved.
    """

    at: int
    quality: Quality
    polled_at: int
    seen: int
    period: PeriodSummary
    amounts: Amounts
    counters: Amounts
    coverage: Mapping[str, int]
    seats: frozenset[str]
    pending: tuple[Poll, ...] = ()
    is_ahead: bool = False

    def total(self, metric: str) -> int:
        """The last believed total of a metric."""
        return sum_of(self.counters, metric)

    def told_costs(self) -> Amounts:
        """A counter of nothing for every cost that was told: in a new period they begin again."""
        return {series: 0 for series in self.amounts if series.metric.startswith(COST)}

    def values(self) -> Amounts:
        """F of every series at the last knot, watched time among them."""
        return with_coverage(self.amounts, self.coverage)

    def knot(self, *, firm: bool) -> LedgerKnot:
        """The last knot."""
        period = self.period
        return LedgerKnot(
            self.at,
            self.quality,
            self.values(),
            period.start,
            period.end,
            firm,
            self.polled_at,
            self.seats,
            period.exact,
        )


def added(opening: Mapping[SeriesKey, int], counters: Mapping[SeriesKey, int]) -> Amounts:
    """F where nothing was hidden: what was there at the period's start, and what came since."""
    amounts = dict(opening)
    for series, count in counters.items():
        amounts[series] = amounts.get(series, 0) + count
    return without_zeroes(amounts)


def with_coverage(amounts: Amounts, coverage: Mapping[str, int]) -> Amounts:
    """Amounts and the time watched, as one."""
    values = dict(amounts)
    for quality, length in coverage.items():
        if length:
            values[series_of(quality, COVERAGE)] = length
    return values


def without_coverage(values: Mapping[SeriesKey, int]) -> Amounts:
    """The amounts of a knot without the time watched."""
    return {series: value for series, value in values.items() if series.metric != COVERAGE}


def coverage_of(values: Mapping[SeriesKey, int]) -> dict[str, int]:
    """The time watched by quality, of a knot's amounts."""
    return {series.model: value for series, value in values.items() if series.metric == COVERAGE}
