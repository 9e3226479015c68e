"""One readable answer of `/usage`, when it was true, and whether it can be used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from usage.ledger.words import DAY, MICROSECOND, UNATTRIBUTED, SeriesKey

# A period that begins further ahead than any clock can lag is a broken answer. Taking it would put every
# later poll before it, and stop the meter.
FUTURE_LIMIT = DAY

# An end that was never told is later than any that was.
NEVER = 1 << 80


@dataclass(frozen=True, slots=True)
class Poll:
    """One readable answer of `/usage`. `period_end` is exclusive; `at` is later than `period_start`.

    `totals` is {metric: count}; a metric that the answer does not tell is not in it. All times are
    microseconds, `interval` too: how often the meter was asked then.
    """

    at: int
    asked: int
    period_start: int
    period_end: int | None
    totals: Mapping[str, int]
    models: Mapping[SeriesKey, int]
    interval: int

    def order(self) -> tuple[object, ...]:
        """Sort by time; among answers of one instant the latest asked, then the largest, comes last."""
        end = NEVER if self.period_end is None else self.period_end
        return (
            self.at,
            self.asked,
            self.period_start,
            end,
            sorted(self.totals.items()),
            sorted(self.models.items()),
        )


def why_unusable(poll: Poll) -> str:
    """Why an answer cannot be a counter at all, in words; empty where it can."""
    if poll.period_end is not None and poll.period_end <= poll.period_start:
        return "Its period ends before it begins."
    if poll.period_start - poll.asked > FUTURE_LIMIT:
        return "Its period begins more than a day ahead."
    if min((*poll.totals.values(), *poll.models.values()), default=0) < 0:
        return "It counts below zero."
    return "" if poll.totals else "It tells no total."


def in_order(polls: Iterable[Poll]) -> list[Poll]:
    """Polls by time, one for each instant: the last of `Poll.order`, of those that can be used if any can."""
    latest: dict[int, Poll] = {}
    for poll in sorted(polls, key=Poll.order):
        if poll.at not in latest or why_unusable(latest[poll.at]) or not why_unusable(poll):
            latest[poll.at] = poll
    return [latest[at] for at in sorted(latest)]


def exclusive_end(end: datetime) -> datetime:
    """The first instant after a period: `23:59:59Z` is inclusive, `00:00:00Z` is already the next period."""
    if end.second == 59:
        return end.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return end


def poll_of(
    started: int,
    ended: int,
    period_start: int,
    period_end: int | None,
    totals: Mapping[str, int],
    models: Mapping[SeriesKey, int],
    interval: int,
) -> Poll:
    """A poll at the midpoint of its request, moved past the period's start where our clock lags."""
    asked = (started + ended) // 2
    # A model that takes the name of our residual would be counted twice: it stays in the residual.
    named = {series: count for series, count in models.items() if series.model != UNATTRIBUTED}
    at = max(asked, period_start + MICROSECOND)
    return Poll(at, asked, period_start, period_end, totals, named, interval)
