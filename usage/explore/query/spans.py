"""Spans of time cut into buckets in a team's zone: quarter hours to months, days of 23 to 25 hours too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from usage.ledger.grid import day_start
from usage.ledger.words import moment


class Step(StrEnum):
    """How long a bucket is. Those shorter than a day begin anew at each local midnight."""

    QUARTER_HOUR = "quarter_hour"
    HOUR = "hour"
    THREE_HOURS = "three_hours"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def length(self) -> timedelta | None:
        """The length of a step shorter than a day; None for steps of the calendar."""
        return SHORT.get(self)


SHORT = {
    Step.QUARTER_HOUR: timedelta(minutes=15),
    Step.HOUR: timedelta(hours=1),
    Step.THREE_HOURS: timedelta(hours=3),
}

# The longest span in days that each step is chosen for; none of them makes more than 400 bars.
LONGEST = [
    (1, Step.QUARTER_HOUR),
    (3, Step.HOUR),
    (14, Step.THREE_HOURS),
    (366, Step.DAY),
    (1100, Step.WEEK),
]


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) as aware datetimes in UTC, to be cut into buckets of `step` in `zone`."""

    start: datetime
    end: datetime
    step: Step
    zone: ZoneInfo

    def edges(self) -> tuple[datetime, ...]:
        """The ends of all buckets in UTC, the first and last being the span's own."""
        return edges_of(self)

    def buckets(self) -> list[tuple[datetime, datetime]]:
        """The half-open buckets, oldest first."""
        return list(pairwise(self.edges()))

    def grid(self) -> Iterator[datetime]:
        """Every place where a bucket may begin, from the first day to the last."""
        for day in self._days():
            if self.step.length:
                yield from self._parts(day, self.step.length)
            elif self.step == Step.DAY or is_first(day, self.step):
                yield midnight(day, self.zone)

    def _days(self) -> Iterator[date]:
        day, last = self.start.astimezone(self.zone).date(), self.end.astimezone(self.zone).date()
        while day <= last:
            yield day
            day += timedelta(days=1)

    def _parts(self, day: date, length: timedelta) -> Iterator[datetime]:
        edge, end = midnight(day, self.zone), midnight(day + timedelta(days=1), self.zone)
        while edge < end:
            yield edge
            edge += length


# A page asks for the same edges several times, and so does everybody who opens it within the hour.
@lru_cache(maxsize=64)
def edges_of(span: Span) -> tuple[datetime, ...]:
    """The edges of a span's buckets."""
    inside = [edge for edge in span.grid() if span.start < edge < span.end]
    return (span.start, *inside, span.end)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC."""
    return moment(day_start(day, zone))


def is_first(day: date, step: Step) -> bool:
    """Tell whether a week (on Monday) or a month begins on this day."""
    return day.weekday() == 0 if step == Step.WEEK else day.day == 1


def next_hour(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the local hour that `now` falls in, in UTC; zones may differ from UTC by 45 minutes."""
    offset = now.astimezone(zone).utcoffset() or timedelta()
    local = (now.astimezone(UTC) + offset).replace(minute=0, second=0, microsecond=0)
    return local + timedelta(hours=1) - offset


def fitting_step(start: datetime, end: datetime) -> Step:
    """The step that draws [start, end) with few enough bars to see and enough to tell something."""
    # An hour more or less is a day on which clocks change.
    length = end - start - timedelta(hours=1)
    return next((step for days, step in LONGEST if length <= timedelta(days=days)), Step.MONTH)
