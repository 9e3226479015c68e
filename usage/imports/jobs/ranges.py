"""Answers about ranges of dates: whether a server honours dates at all, and the days that an answer tells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from rax import UsageAnswer
from usage.books.answers.answer import cost_metric, millionths
from usage.books.answers.breakdown import Counts, bounded, is_reserved
from usage.ledger.grid import ONE_DAY, day_start

# What of an answer belongs to its days begins with this.
DAYS = "daily_breakdown"


class NotTold(Exception):
    """The answer does not tell its days apart, or they do not add up: each is asked for by itself."""


@dataclass(frozen=True, slots=True)
class DayTold:
    """What a provider tells of one day: totals, what its models used, and the cost in millionths."""

    day: date
    tokens: int | None
    requests: int | None
    models: dict[str, Counts]
    cost: int | None = None
    cost_metric: str = ""

    def span(self, zone: ZoneInfo) -> tuple[int, int]:
        """From when to when, in microseconds."""
        return day_start(self.day, zone), day_start(self.day + ONE_DAY, zone)


def is_honoured(answer: UsageAnswer, first: date, last: date, zone: ZoneInfo) -> bool:
    """Tell whether an answer is about the days that were asked for, and not about a billing period.

    A server may write dates alone, or times of its zone; and the end as the last day's or as the next one's
    first instant.
    """
    start, end = answer.period_start, answer.period_end
    if start is None or end is None:
        return False
    asked = (first, last)
    ends = (end, end - timedelta(microseconds=1))
    told = {(start.astimezone(of).date(), one.astimezone(of).date()) for of in (UTC, zone) for one in ends}
    return asked in told


def days_of(answer: UsageAnswer, first: date, last: date) -> list[DayTold]:
    """The days from `first` to `last` as an answer tells them; raise `NotTold` where it does not.

    A day that is not listed used nothing, where those that are add up to the total.
    """
    if first == last:
        return [_whole(answer, first)]
    if any(part.field.startswith(DAYS) for part in answer.unreadable):
        raise NotTold
    listed = {each.date: each for each in answer.daily}
    if len(listed) != len(answer.daily) or not all(first <= day <= last for day in listed):
        raise NotTold
    tokens, requests = (sum(values) for values in zip((0, 0), *_counts(answer), strict=True))
    if not listed or tokens != answer.total_tokens or requests != answer.total_requests:
        raise NotTold
    metric = cost_metric(answer.currency)
    found = []
    for day in _days(first, last):
        each = listed.get(day)
        cost = millionths(each.cost) if each else None
        counts = (each.tokens, each.requests) if each else (0, 0)
        found.append(DayTold(day, *counts, {}, cost, metric if cost is not None else ""))
    return found


def _counts(answer: UsageAnswer) -> Iterator[tuple[int, int]]:
    return ((each.tokens, each.requests) for each in answer.daily)


def _whole(answer: UsageAnswer, day: date) -> DayTold:
    """An answer about one day."""
    models = {
        name: (used.tokens, used.requests) for name, used in answer.breakdown.items() if not is_reserved(name)
    }
    cost = millionths(answer.cost)
    metric = cost_metric(answer.currency) if cost is not None else ""
    return DayTold(day, answer.total_tokens, answer.total_requests, bounded(models), cost, metric)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + number * ONE_DAY for number in range((last - first).days + 1))
