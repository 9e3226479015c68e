"""One answer of a provider to a planned poll, whatever it was, and what the ledger can read of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rax import RawAnswer
from usage.ledger import REQUESTS, TOKENS, Poll, SeriesKey, exclusive_end, poll_of
from usage.ledger.words import SECOND, microseconds, series_of
from usage.models import RawPoll

# A provider that names more models than this is broken or hostile: the rest stays unattributed.
MODELS_LIMIT = 200

LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking one meter in one slot. Times are aware UTC; `period_end` is exclusive.

    Without counters `total_tokens` is None and `error` says why; `breakdown` is {model: [tokens, requests]}.
    `cost` is what the period has cost in `currency`; None where that was not told. `received` is the HTTP
    answer as it came; None where none came.
    """

    meter_id: int
    slot: int
    started_at: datetime
    ended_at: datetime
    interval_seconds: int
    status: int | None = None
    error: str = ""
    period_start: datetime | None = None
    period_end: datetime | None = None
    total_tokens: int | None = None
    total_requests: int | None = None
    breakdown: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    cost: Decimal | None = None
    currency: str | None = None
    received: RawAnswer | None = None

    def is_readable(self) -> bool:
        """Tell whether the answer carries counters of a period."""
        return self.total_tokens is not None and self.period_start is not None

    @property
    def body_hash(self) -> str:
        """The SHA-256 of the body that came; empty where none came."""
        return hashlib.sha256(self.received.body).hexdigest() if self.received and self.received.body else ""

    @property
    def cost_millionths(self) -> int | None:
        """The cost in whole millionths of its currency; None where it was not told, or is beyond counting."""
        if self.cost is None:
            return None
        millionths = Fraction(self.cost) * 1_000_000 // 1
        return millionths if abs(millionths) <= LARGEST_INTEGER else None

    def poll(self) -> Poll | None:
        """The answer in the ledger's words; None where it has no counters."""
        if self.total_tokens is None or self.total_requests is None or self.period_start is None:
            return None
        models: dict[SeriesKey, int] = {}
        for model, (tokens, requests) in sorted(self.breakdown.items())[:MODELS_LIMIT]:
            models[series_of(model, TOKENS)] = tokens
            models[series_of(model, REQUESTS)] = requests
        return poll_of(
            microseconds(self.started_at),
            microseconds(self.ended_at),
            microseconds(self.period_start),
            microseconds(exclusive_end(self.period_end)) if self.period_end else None,
            {TOKENS: self.total_tokens, REQUESTS: self.total_requests},
            models,
            self.interval_seconds * SECOND,
        )


# What is read of a stored answer to fold it.
READ = (
    "meter_id",
    "slot",
    "started_at",
    "ended_at",
    "interval_seconds",
    "period_start",
    "period_end",
    "total_tokens",
    "total_requests",
    "breakdown",
)


def stored_poll(raw: RawPoll) -> Poll | None:
    """A stored answer in the ledger's words."""
    return Answer(**{name: getattr(raw, name) for name in READ}).poll()
