"""Spans of time cut into buckets in a team's zone: quarter hours to months, days of 23 to 25 hours too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from usage.explore.query.steps import Step, fitting_step
from usage.ledger.grid import day_start
from usage.ledger.words import moment

__all__ = ["Span", "Step", "edges_of", "fitting_step", "midnight", "next_hour"]


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) as aware datetimes in UTC, to be cut into buckets of `step` in `zone` and at `cuts`; weeks
    begin on `week_start`, 0 being Monday.
    """

    start: datetime
    end: datetime
    step: Step
    zone: ZoneInfo
    week_start: int = 0
    cuts: tuple[datetime, ...] = ()

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
            elif self.step.begins_on(day, self.week_start):
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
    # A day that clocks skip whole, as Samoa did in 2011, begins where the next one does.
    inside = dict.fromkeys(edge for edge in span.grid() if span.start < edge < span.end)
    if span.cuts:
        inside = dict.fromkeys(sorted({*inside, *(at for at in span.cuts if span.start < at < span.end)}))
    return (span.start, *inside, span.end)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC."""
    return moment(day_start(day, zone))


def next_hour(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the local hour that `now` falls in, in UTC; zones may differ from UTC by 45 minutes."""
    offset = now.astimezone(zone).utcoffset() or timedelta()
    local = (now.astimezone(UTC) + offset).replace(minute=0, second=0, microsecond=0)
    return local + timedelta(hours=1) - offset
