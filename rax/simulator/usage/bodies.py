"""The two dialects of `GET /usage`."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any

from rax.simulator.catalogue import Model
from rax.simulator.chat import refuse
from rax.simulator.clock import MICROSECOND, wire_time
from rax.simulator.usage.load import Amount
from rax.simulator.usage.meter import POLLS
from rax.simulator.usage.periods import Span

Amounts = dict[str, Amount]
Spent = Callable[[datetime, datetime], Amounts]  # usage by model in [start, end)
DAY = timedelta(days=1)
LONGEST_RANGE = timedelta(days=366)


def counters_body(span: Span, amounts: Amounts) -> dict[str, Any]:
    """The documented answer: counters of one period, by model. Polls stand in the total alone."""
    total = total_of(amounts)
    return {
        "object": "usage",
        "total_tokens": total.tokens,
        "total_requests": total.requests,
        "period_start": wire_time(span.start),
        "period_end": wire_time(span.last_second),
        "breakdown": {
            model: {"tokens": amount.tokens, "requests": amount.requests}
            for model, amount in sorted(amounts.items())
            if model != POLLS
        },
    }


def range_body(
    first: date,
    last: date,
    now: datetime,
    between: Spent,
    models: Mapping[str, Model],
) -> dict[str, Any]:
    """The second dialect: UTC days `first` to `last`, both included, up to now; they add up."""
    seen = min(last, now.astimezone(UTC).date())
    days = [_day_row(day, now, between, models) for day in _days(first, seen)]
    return {
        "total_requests": sum(row["requests"] for row in days),
        "total_tokens": sum(row["tokens"] for row in days),
        "total_cost": round(sum(row["cost"] for row in days), 6),
        "period": {"start": first.isoformat(), "end": last.isoformat()},
        "daily_breakdown": days,
    }


def parse_range(query: Mapping[str, str], span: Span) -> tuple[date, date] | None:
    """`start_date` and `end_date`, each standing for the period's when absent; None without both.

    Raises the 400 of the API for a date that is none, a range upside down, or one longer than a year.
    """
    if not {"start_date", "end_date"} & set(query):
        return None
    first = _parse_date(query, "start_date", span.start.date())
    last = _parse_date(query, "end_date", span.last_second.date())
    if last < first or last - first > LONGEST_RANGE:
        refuse("'end_date' must not be before 'start_date', nor more than a year after it.")
    return first, last


def total_of(amounts: Amounts) -> Amount:
    return reduce(Amount.plus, amounts.values(), Amount())


def _parse_date(query: Mapping[str, str], name: str, default: date) -> date:
    try:
        return date.fromisoformat(query[name]) if name in query else default
    except ValueError:
        refuse(f"'{name}' must be a date of the form YYYY-MM-DD.")


def _days(first: date, last: date) -> list[date]:
    return [first + DAY * number for number in range((last - first).days + 1)]


def _day_row(day: date, now: datetime, between: Spent, models: Mapping[str, Model]) -> dict[str, Any]:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    amounts = between(start, min(start + DAY, now + MICROSECOND))
    total = total_of(amounts)
    prices = {name: model.price_per_thousand for name, model in models.items()}
    cost = sum(amount.tokens * prices.get(name, 0) for name, amount in amounts.items())
    return {
        "date": day.isoformat(),
        "requests": total.requests,
        "tokens": total.tokens,
        "cost": cost / 1_000_000_000,
    }
