"""Billing periods: half-open spans [start, end) of UTC time in which the usage counters grow from zero."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rax.simulator.clock import EPOCH


@dataclass(frozen=True, slots=True)
class Span:
    """One billing period, from `start` up to but not including `end`."""

    start: datetime
    end: datetime

    @property
    def last_second(self) -> datetime:
        """The `period_end` of the API, which is inclusive: one second before the next period."""
        return self.end - timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """How periods follow each other: calendar months in UTC, or a fixed length counted from 1970."""

    length: timedelta | None = None

    def at(self, instant: datetime) -> Span:
        """The period an aware instant lies in."""
        if self.length is None:
            return _month(instant.astimezone(UTC))
        start = EPOCH + (instant - EPOCH) // self.length * self.length
        return Span(start, start + self.length)


def parse_period(text: str) -> Period:
    """`month`, `day`, or a number of seconds. Raises ValueError for anything else."""
    if text == "month":
        return Period()
    if text == "day":
        return Period(timedelta(days=1))
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError(f"a period is 'month', 'day' or a number of seconds, not {text!r}")
    return Period(timedelta(seconds=int(text)))


def _month(instant: datetime) -> Span:
    start = instant.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (start + timedelta(days=32)).replace(day=1)
    return Span(start, following)
