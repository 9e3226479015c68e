"""The counters of a billing period, read from both dialects as they were said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from rax._answers import RawAnswer
from rax._constants import CURRENCY_CHARS, MAX_ITEMS
from rax._json import read_exactly
from rax._limits import Limits
from rax._models import ShapeError
from rax._values import read_count, read_date, read_instant, read_money, read_object, read_text


class ModelUsage(NamedTuple):
    """What one model used in the billing period so far."""

    tokens: int
    requests: int


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """One day of the second dialect's breakdown."""

    date: date
    requests: int
    tokens: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class UsageAnswer:
    """The counters of a billing period for the key that asked.

    `period_end` is the period's last second (inclusive), as the API sends it. `started_at` and `ended_at`
    are when the request began and its answer was complete, by our clock; all times are aware UTC. `answer`
    is the HTTP answer as received: its body, its headers, and the time by the provider's clock. `cost` is
    the answer's `total_cost` to the last digit, in `currency` (the answer's own word, such as `USD`); each is
    None where the answer does not tell it. `raw` is the answer's JSON, in which a key that the server
    repeated still stands.
    """

    total_tokens: int
    total_requests: int
    period_start: datetime | None
    period_end: datetime | None
    breakdown: Mapping[str, ModelUsage]
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
    """Return the counters of either dialect; raise ShapeError where a counter is missing or no count.

    `body` spells `value`: amounts of money are read from it to the last digit.
    """
    if not isinstance(value, dict):
        raise ShapeError("The answer is not a usage object.")
    exact = read_exactly(body) if b"cost" in body else value
    period = read_object(value.get("period"))
    return UsageAnswer(
        total_tokens=_counter(value, "total_tokens"),
        total_requests=_counter(value, "total_requests"),
        period_start=read_instant(value.get("period_start", period.get("start"))),
        period_end=read_instant(value.get("period_end", period.get("end")), ends_day=True),
        breakdown=_read_breakdown(value.get("breakdown")),
        daily=_read_daily(value.get("daily_breakdown"), exact.get("daily_breakdown")),
        cost=read_money(exact.get("total_cost")),
        currency=_read_currency(value.get("currency")),
        limits=limits,
        request_id=answer.request_id,
        started_at=started_at,
        ended_at=ended_at,
        status_code=answer.status_code,
        answer=answer,
        raw=value,
    )


def _counter(value: Mapping[str, Any], name: str, default: int | None = None) -> int:
    count = read_count(value.get(name, default))
    if count is None:
        raise ShapeError("A usage counter is missing or is not a whole number.")
    return count


def _read_currency(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= CURRENCY_CHARS else None


def _read_breakdown(value: Any) -> dict[str, ModelUsage]:
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MAX_ITEMS:
        raise ShapeError("The usage breakdown is not an object of models.")
    found: dict[str, ModelUsage] = {}
    for model, item in value.items():
        name = read_text(model)
        if name is None or name in found or not isinstance(item, dict):
            raise ShapeError("A model of the usage breakdown cannot be read.")
        found[name] = ModelUsage(_counter(item, "tokens", 0), _counter(item, "requests", 0))
    return found


def _read_daily(value: Any, exact: Any) -> tuple[DailyUsage, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise ShapeError("The daily usage is not a list of days.")
    pairs = zip(value, exact, strict=True)
    return tuple(_read_day(read_object(item), read_object(spelled)) for item, spelled in pairs)


def _read_day(item: Mapping[str, Any], exact: Mapping[str, Any]) -> DailyUsage:
    day = read_date(item.get("date"))
    if day is None:
        raise ShapeError("A day of the daily usage has no date.")
    tokens, requests = _counter(item, "tokens", 0), _counter(item, "requests", 0)
    return DailyUsage(day, requests=requests, tokens=tokens, cost=read_money(exact.get("cost")))
