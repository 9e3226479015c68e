"""The nouns of the ledger: poll, series, knot, quality, annotation, period, state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

TOKENS = "tokens"
REQUESTS = "requests"
COST = "cost"
METRICS = (TOKENS, REQUESTS)
UNATTRIBUTED = "(unattributed)"
OTHER_MODELS = "(other models)"

# Watched time is counted like tokens: one series per quality, in microseconds. So every bucket knows
# how it was seen by the same subtraction that gives its tokens.
COVERAGE = "coverage"

MICROSECOND = 1
SECOND = 1_000_000
DAY = 86_400 * SECOND

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Quality(StrEnum):
    """How an interval between two knots was seen."""

    BEFORE_WATCHING = "before_watching"
    MEASURED = "measured"
    INTERPOLATED = "interpolated"
    CORRECTED = "corrected"
    TAIL_UNKNOWN = "tail_unknown"
    BOUNDARY_MOVED = "boundary_moved"
    UNKNOWN = "unknown"
    # Told for a whole day by another source than polls, where no poll measured.
    TOLD = "told"


class Event(StrEnum):
    """What an annotation tells."""

    ROLLOVER = "rollover"
    HOLE = "hole"
    CORRECTION = "correction"
    GLITCH = "glitch"
    UNCONFIRMED = "unconfirmed"
    REATTRIBUTED = "reattributed"
    MISMATCH = "mismatch"
    BOUNDARY_MOVED = "boundary_moved"
    REJECTED = "rejected"


class SeriesKey(NamedTuple):
    """One line of the ledger: a model (or `(unattributed)`, or a quality) and a metric."""

    model: str
    metric: str


# A poll names a dozen series, and most polls the same: looking one up costs a third of making it.
series_of = lru_cache(maxsize=8_192)(SeriesKey)

type Amounts = dict[SeriesKey, int]


@dataclass(frozen=True, slots=True)
class Poll:
    """One readable answer of `/usage`. `period_end` is exclusive; `at` is later than `period_start`."""

    at: int
    asked: int
    period_start: int
    period_end: int | None
    totals: Mapping[str, int]
    models: Mapping[SeriesKey, int]
    interval: int

    def order(self) -> tuple[object, ...]:
        """Sort by time; among answers of one instant the latest asked, then the largest, comes last."""
        end = self.period_end or 0
        return (
            self.at,
            self.asked,
            self.period_start,
            end,
            sorted(self.totals.items()),
            sorted(self.models.items()),
        )


@dataclass(frozen=True, slots=True)
class LedgerKnot:
    """The cumulative amounts of all series of a meter at one instant, and how the time before it was seen.

    `firm` is true where a poll was believed at once: only there can a fold be taken up again.
    """

    at: int
    quality: Quality
    values: Amounts
    period_start: int
    period_end: int | None
    firm: bool


@dataclass(frozen=True, slots=True)
class LedgerAnnotation:
    """Something a reader of the chart must know about (since, at]."""

    event: Event
    since: int
    at: int
    amounts: Amounts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """A billing period as far as we know it.

    `opening` is F at its start; `counters` the last accepted reading; `tail` the microseconds at its end
    that nobody saw; `exact` is false where the provider moved the boundary and the sums may not meet.
    """

    start: int
    end: int | None
    opening: Amounts
    counters: Amounts
    last_at: int
    tail: int = 0
    exact: bool = True
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """All that is needed to take the next poll: F of a series is `base` + `counters`.

    `at` is the last accepted poll, `seen` the last poll looked at, `coverage` the watched microseconds.
    """

    at: int
    seen: int
    period: PeriodSummary
    base: Amounts
    counters: Amounts
    coverage: Mapping[str, int]
    pending: Poll | None = None

    def values(self) -> Amounts:
        return cumulative(self.base, self.counters, self.coverage)

    def total(self, metric: str) -> int:
        """The last accepted total of a metric."""
        return sum(count for series, count in self.counters.items() if series.metric == metric)


def cumulative(base: Amounts, counters: Amounts, coverage: Mapping[str, int]) -> Amounts:
    """F of every series: what was there at the period's start, what came since, and the time watched."""
    values = dict(base)
    for series, count in counters.items():
        values[series] = values.get(series, 0) + count
    for quality, length in coverage.items():
        values[series_of(quality, COVERAGE)] = length
    return without_zeroes(values)


def without_zeroes(amounts: Amounts) -> Amounts:
    """A series that was never used is not in the ledger."""
    return {series: amount for series, amount in amounts.items() if amount}


def microseconds(moment: datetime) -> int:
    """An aware datetime as integer microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """Integer microseconds since 1970 as an aware datetime in UTC."""
    return EPOCH + timedelta(microseconds=at)


def exclusive_end(end: datetime) -> datetime:
    """The first instant after a period: `23:59:59Z` is inclusive, `00:00:00Z` is already the next period."""
    if end.second == 59:
        return end.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return end


def poll_of(
    started: int,
    ended: int,
    period_start: int,
    period_end: int | None,
    totals: Mapping[str, int],
    models: Mapping[SeriesKey, int],
    interval: int,
) -> Poll:
    """A poll at the midpoint of its request, moved past the period's start where our clock lags."""
    asked = (started + ended) // 2
    # A model that takes the name of our residual would be counted twice: it stays in the residual.
    named = {series: count for series, count in models.items() if series.model != UNATTRIBUTED}
    at = max(asked, period_start + MICROSECOND)
    return Poll(at, asked, period_start, period_end, totals, named, interval)
