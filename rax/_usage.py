"""The counters of a billing period, read from both dialects as they were said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from rax._answers import RawAnswer
from rax._breakdown import (
    DailyUsage,
    ModelUsage,
    Unreadable,
    read_breakdown,
    read_counter,
    read_daily,
)
from rax._constants import CURRENCY_CHARS
from rax._json import read_exactly
from rax._limits import Limits
from rax._models import ShapeError
from rax._values import Reason, read_instant, read_money, read_object

_COUNTERS: Final = frozenset({"total_tokens", "total_requests", "total_cost", "breakdown"})


@dataclass(frozen=True, slots=True)
class UsageAnswer:
    """The counters of a billing period for the key that asked.

    A total is None where it is missing or cannot be read; `unreadable` names each such part, and those of
    models, days and dates that were told and cannot be read. `period_end` is the period's last second
    (inclusive), as the API sends it. `started_at` and `ended_at` are when the request began and its answer
    was complete, by our clock; all times are aware UTC. `answer` is the HTTP answer as received: its body,
    its headers, and the time by the provider's clock. `cost` is the answer's `total_cost` to the last digit,
    in `currency` (the answer's own word, such as `USD`; empty where that cannot be read); each is None where
    the answer does not tell it. `raw` is the answer's JSON, but for the key.
    """

    total_tokens: int | None
    total_requests: int | None
    period_start: datetime | None
    period_end: datetime | None
    breakdown: Mapping[str, ModelUsage]
    unreadable: tuple[Unreadable, ...]
    daily: tuple[DailyUsage, ...]
    cost: Decimal | None
    currency: str | None
    limits: Limits
    request_id: str | None
    started_at: datetime
    ended_at: datetime
    status_code: int
    answer: RawAnswer
    raw: Mapping[str, Any] = field(repr=False)


def read_usage(
    value: Any,
    *,
    body: bytes,
    limits: Limits,
    answer: RawAnswer,
    started_at: datetime,
    ended_at: datetime,
) -> UsageAnswer:
    """Return what can be read of the counters of either dialect; raise ShapeError where none is told.

    `body` spells `value`: amounts of money are read from it to the last digit.
    """
    if not isinstance(value, dict) or not _COUNTERS & value.keys():
        raise ShapeError("The answer is not a usage object.")
    exact = read_exactly(body) if b"cost" in body else value
    unreadable: list[Unreadable] = []
    return UsageAnswer(
        total_tokens=_total(value, "total_tokens", unreadable),
        total_requests=_total(value, "total_requests", unreadable),
        period_start=_boundary(value, "start", unreadable),
        period_end=_boundary(value, "end", unreadable),
        breakdown=read_breakdown(value.get("breakdown"), unreadable),
        daily=read_daily(value.get("daily_breakdown"), exact.get("daily_breakdown"), unreadable),
        cost=_cost(exact.get("total_cost"), unreadable),
        currency=_currency(value.get("currency"), unreadable),
        unreadable=tuple(unreadable),
        limits=limits,
        request_id=answer.request_id,
        started_at=started_at,
        ended_at=ended_at,
        status_code=answer.status_code,
        answer=answer,
        raw=value,
    )


def _total(value: Mapping[str, Any], name: str, unreadable: list[Unreadable]) -> int | None:
    total = read_counter(value, name, None, unreadable)
    if value.get(name) is None:
        unreadable.append(Unreadable(name, None, Reason.MISSING))
    return total


def _boundary(value: Mapping[str, Any], edge: str, unreadable: list[Unreadable]) -> datetime | None:
    """The start or the end of the period, as either dialect tells it."""
    name = f"period_{edge}"
    told = value.get(name)
    if told is None:
        told = read_object(value.get("period")).get(edge)
    instant = read_instant(told, ends_day=edge == "end")
    if instant is None and told is not None:
        unreadable.append(Unreadable(name, None, Reason.NOT_A_TIME))
    return instant


def _cost(told: Any, unreadable: list[Unreadable]) -> Decimal | None:
    cost = read_money(told)
    if cost is None and told is not None:
        unreadable.append(Unreadable("total_cost", None, Reason.NOT_AN_AMOUNT))
    return cost


def _currency(told: Any, unreadable: list[Unreadable]) -> str | None:
    if told is None or told == "":
        return None
    if isinstance(told, str) and len(told) <= CURRENCY_CHARS and told.isprintable():
        return told
    unreadable.append(Unreadable("currency", None, Reason.NOT_A_CURRENCY))
    return ""
