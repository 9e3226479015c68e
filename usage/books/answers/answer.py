"""One answer of a provider to a planned poll, whatever it was, and what the ledger can read of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rax import RawAnswer
from usage.books.answers.breakdown import LARGEST_INTEGER, Counts
from usage.ledger import METRICS, REQUESTS, TOKENS, Poll, SeriesKey, exclusive_end, poll_of
from usage.ledger.adding import LARGEST
from usage.ledger.polls import why_unusable
from usage.ledger.words import COST, EPOCH, SECOND, microseconds, series_of, sum_of
from usage.models import RawPoll

# The metric of money whose currency cannot be read.
UNREADABLE = f"{COST}:?"
# A period that ends in the last year that can be written has no end; in some zone it would be a year later.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer in the ledger's words, or why it is not counted."""

    refusal: str = ""
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking one meter in one slot. Times are aware UTC; the period is as it was told.

    `error` says why there are no counters, in words. A total that was not told or cannot be read is None, as
    are the counts of `breakdown`, {model: [tokens, requests]}. `cost` is what the period has cost in
    `currency`, which is empty where it was told and cannot be read; each is None where it was not told.
    `received` is the HTTP answer as it came; None where none came.
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
    breakdown: Mapping[str, Counts] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    cost: Decimal | None = None
    currency: str | None = None
    received: RawAnswer | None = None
    # What the ledger reads of it, once it was asked for: it is asked for eight times with each poll.
    _reading: "Reading | None" = field(default=None, init=False, repr=False, compare=False)

    @property
    def refusal(self) -> str:
        """Why the answer is not counted, in words; empty where it is."""
        return self._read().refusal

    @property
    def untold(self) -> str:
        """The metric of which no total was told; empty where both were, or none."""
        untold = [metric for metric in METRICS if metric not in self._totals()]
        return untold[0] if len(untold) == 1 else ""

    @property
    def ends_at(self) -> datetime | None:
        """The first instant after the period; None where no end was told that ever comes."""
        end = self.period_end
        return exclusive_end(end) if end is not None and end < NEVER else None

    @property
    def body_hash(self) -> str:
        """The SHA-256 of the body that came; empty where none came."""
        return hashlib.sha256(self.received.body).hexdigest() if self.received and self.received.body else ""

    @property
    def cost_millionths(self) -> int | None:
        """The cost in whole millionths of its currency; None where it was not told, or is beyond counting."""
        return millionths(self.cost)

    def poll(self) -> Poll | None:
        """The answer in the ledger's words; None where it is not counted."""
        return self._read().poll

    def _read(self) -> "Reading":
        reading = self._reading
        if reading is None:
            reading = self._read_anew()
            object.__setattr__(self, "_reading", reading)
        return reading

    def _read_anew(self) -> "Reading":
        if self.error:
            return Reading(self.error)
        if self.total_tokens is None and self.total_requests is None:
            return Reading("It tells no total.")
        if self.period_start is None:
            return Reading("It names no billing period.")
        if self.period_start < EPOCH:
            return Reading("Its billing period begins before 1970.")
        poll = self._poll(self.period_start)
        refusal = why_unusable(poll) or _why_too_much(poll)
        return Reading(refusal) if refusal else Reading(poll=poll)

    def _poll(self, start: datetime) -> Poll:
        models: dict[SeriesKey, int] = {}
        for model, counts in self.breakdown.items():
            for metric, count in zip(METRICS, counts, strict=True):
                if count is not None:
                    models[series_of(model, metric)] = count
        return poll_of(
            microseconds(self.started_at),
            microseconds(self.ended_at),
            microseconds(start),
            microseconds(self.ends_at) if self.ends_at else None,
            self._totals(),
            models,
            self.interval_seconds * SECOND,
        )

    def _totals(self) -> dict[str, int]:
        """What can be counted of the whole account, by metric. Money that was given back is not."""
        told = {TOKENS: self.total_tokens, REQUESTS: self.total_requests}
        cost = self.cost_millionths
        if cost is not None and 0 <= cost <= LARGEST:
            told[cost_metric(self.currency)] = cost
        return {metric: total for metric, total in told.items() if total is not None}


def _why_too_much(poll: Poll) -> str:
    if sum(poll.totals.values()) + sum(poll.models.values()) <= LARGEST:
        return ""
    sums = (sum_of(poll.models, metric) for metric in METRICS)
    return "It counts more than can be added up." if max(*poll.totals.values(), *sums) > LARGEST else ""


def millionths(cost: Decimal | None) -> int | None:
    """An amount of money in whole millionths; None where it was not told, or is beyond counting."""
    if cost is None:
        return None
    whole = Fraction(cost) * 1_000_000 // 1
    return whole if abs(whole) <= LARGEST_INTEGER else None


def cost_metric(currency: str | None) -> str:
    """The metric under which an amount of a currency is counted, `cost` for dollars and where none is told.

    Money of another currency is another metric, `cost:EUR`, and one that cannot be read is `cost:?`: amounts
    of two currencies are never added.
    """
    if currency is None:
        return COST
    code = currency.strip()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        return UNREADABLE
    return COST if code.upper() == "USD" else f"{COST}:{code.upper()}"


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
    "cost",
    "currency",
)


def stored_poll(raw: RawPoll) -> Poll | None:
    """A stored answer in the ledger's words."""
    told = {name: getattr(raw, name) for name in READ}
    cost = None if raw.cost is None else Decimal(raw.cost)
    return Answer(**{**told, "cost": cost}).poll()
