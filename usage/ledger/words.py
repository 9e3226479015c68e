"""The nouns of the ledger: series, knot, quality, annotation, period, moments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

TOKENS = "tokens"
REQUESTS = "requests"
METRICS = (TOKENS, REQUESTS)

# What a period has cost, in millionths of its currency; where that is not the dollar, the metric names it
# ("cost:EUR"). A cost is told of all models together.
COST = "cost"
# After all metrics of a cost, `cost` and `cost:EUR`, and before `coverage`, whatever the order of texts is.
AFTER_COST = "cosu"

# What the total has beyond its models, and the models without a seat of their own.
UNATTRIBUTED = "(unattributed)"
OTHER_MODELS = "(other models)"

# So many models of a meter have a line of their own.
SEATS = 100

# Watched time is counted like tokens: one series per quality, in microseconds. So every bucket knows
# how it was seen by the same subtraction that gives its tokens.
COVERAGE = "coverage"

MICROSECOND = 1
SECOND = 1_000_000
MINUTE = 60 * SECOND
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
    RESET = "reset"
    REJECTED = "rejected"


class SeriesKey(NamedTuple):
    """One line of the ledger: a model (or `(unattributed)`, or a quality) and a metric."""

    model: str
    metric: str


# A poll names a dozen series, and most polls the same: looking one up costs a third of making it.
series_of = lru_cache(maxsize=8_192)(SeriesKey)

type Amounts = dict[SeriesKey, int]


@dataclass(frozen=True, slots=True)
class LedgerKnot:
    """The cumulative amounts of all series of a meter at one instant, and how the time before it was seen.

    `polled_at` is the instant of the last poll that it tells of: later than `at` where that came after the
    period's end. `firm` is true where that poll was believed at once: only there can a fold be taken up
    again, with the `seats`, and the period's end and exactness, of then.
    """

    at: int
    quality: Quality
    values: Amounts
    period_start: int
    period_end: int | None
    firm: bool
    polled_at: int
    seats: frozenset[str] = frozenset()
    exact: bool = True


@dataclass(frozen=True, slots=True)
class LedgerAnnotation:
    """Something a reader of the chart must know about (since, at], found with the poll of `polled_at`."""

    event: Event
    since: int
    at: int
    polled_at: int
    amounts: Amounts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """A billing period as far as we know it.

    `told_start` is where the provider says that it began: before `start` where a person said that its counter
    began again. `end` is the largest end told for it (None: none was), of a closed one where the next begins
    if that is sooner. `opening` is F at its start; `counters` the last believed reading; `last_at` its last
    knot; `tail` the microseconds at its end that nobody saw. `exact` is false where its sums may not be what
    the provider counts; `superseded` where its boundary moved.
    """

    start: int
    told_start: int
    end: int | None
    opening: Amounts
    counters: Amounts
    last_at: int
    tail: int = 0
    exact: bool = True
    superseded: bool = False

    def until(self, at: int) -> int:
        """The instant of which a counter speaks that was told at `at`: never beyond the period's end."""
        return at if self.end is None else min(at, self.end)


def sum_of(amounts: Mapping[SeriesKey, int], metric: str) -> int:
    """The total of a metric: models and what none was told for."""
    return sum(amount for series, amount in amounts.items() if series.metric == metric)


def sums_of(amounts: Mapping[SeriesKey, int], metrics: Iterable[str]) -> dict[str, int]:
    """The totals of some metrics, by metric."""
    sums = dict.fromkeys(metrics, 0)
    for series, amount in amounts.items():
        if series.metric in sums:
            sums[series.metric] += amount
    return sums


def without_zeroes(amounts: Amounts) -> Amounts:
    """A series that was never used is not in the ledger; a cost of nothing is: it was told."""
    return {series: amount for series, amount in amounts.items() if amount or series.metric.startswith(COST)}


def microseconds(moment: datetime) -> int:
    """An aware datetime as integer microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """Integer microseconds since 1970 as an aware datetime in UTC."""
    return EPOCH + timedelta(microseconds=at)
