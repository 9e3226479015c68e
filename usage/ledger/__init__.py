"""The ledger: polled counters become exact usage. Pure functions, no database, no clock.

Times are integer microseconds since 1970 in UTC, intervals are half-open, amounts are integers.
"""

from usage.ledger.fold import Changes, Ledger, extend, fold
from usage.ledger.take import History, OutOfOrderError
from usage.ledger.words import (
    COVERAGE,
    METRICS,
    REQUESTS,
    TOKENS,
    UNATTRIBUTED,
    Event,
    LedgerAnnotation,
    LedgerKnot,
    PeriodSummary,
    Poll,
    Quality,
    SeriesKey,
    State,
    exclusive_end,
    poll_of,
)

__all__ = [
    "COVERAGE",
    "METRICS",
    "REQUESTS",
    "TOKENS",
    "UNATTRIBUTED",
    "Changes",
    "Event",
    "History",
    "Ledger",
    "LedgerAnnotation",
    "LedgerKnot",
    "OutOfOrderError",
    "PeriodSummary",
    "Poll",
    "Quality",
    "SeriesKey",
    "State",
    "exclusive_end",
    "extend",
    "fold",
    "poll_of",
]
