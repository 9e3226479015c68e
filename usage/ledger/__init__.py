"""The ledger: polled counters become exact usage. Pure functions, no database, no clock.

Times are integer microseconds since 1970 in UTC, intervals are half-open, amounts are integers.
"""

from usage.ledger.fold import RULES, Changes, Ledger, extend, fold
from usage.ledger.line import History, OutOfOrderError
from usage.ledger.polls import Poll, exclusive_end, poll_of, why_unusable
from usage.ledger.state import State
from usage.ledger.words import (
    COST,
    COVERAGE,
    METRICS,
    OTHER_MODELS,
    REQUESTS,
    SEATS,
    TOKENS,
    UNATTRIBUTED,
    Event,
    LedgerAnnotation,
    LedgerKnot,
    PeriodSummary,
    Quality,
    SeriesKey,
)

__all__ = [
    "COST",
    "COVERAGE",
    "METRICS",
    "OTHER_MODELS",
    "REQUESTS",
    "RULES",
    "SEATS",
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
    "why_unusable",
]
