"""Which time a period is compared with, and which bucket with which: pure, of question and calendar."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from usage.explore.query.bounds import bounds_of
from usage.explore.query.comparison import Comparison
from usage.explore.query.periods import HOURS, QUOTA_DAY
from usage.explore.query.placed import Placed, earlier
from usage.explore.query.spans import Span, midnight
from usage.explore.query.steps import Step
from usage.explore.query.team_time import ONE_DAY, TeamTime, quarter_before

# A bucket in a day: how many days after the first of its span, and which of that day.
type DayPlace = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The time that a span is compared with. `edges` are those of its buckets, of which bucket n of the span
    is compared with number `places[n]`, or with none. Up to `cut` it has gone as far as the span has.
    """

    edges: tuple[datetime, ...]
    places: tuple[int | None, ...]
    cut: datetime

    @property
    def start(self) -> datetime:
        """Where the time begins that is compared with."""
        return self.edges[0]

    @property
    def end(self) -> datetime:
        """Where it ends, though the span may not have gone so far."""
        return self.edges[-1]


def pairing_of(placed: Placed) -> Pairing | None:
    """The pairs of buckets of a question that compares; None where there is nothing to compare with."""
    compare = placed.query.compare
    if compare is None or placed.is_own:
        return None
    found = _compared(placed, compare)
    if found is None or found[0] >= found[1]:
        return None
    start, end = found
    span, time = placed.span, placed.time
    goes_on = placed.bounds.goes_on(time.now)
    if _by_the_clock(placed):
        return _elapsed(span, start, end, time.now if goes_on else None)
    cut = _cut(span, start, end, time) if goes_on else end
    if span.step in (Step.WEEK, Step.MONTH):
        return _whole(span, start, end, cut)
    return _daily(span, start, end, cut)


def _by_the_clock(placed: Placed) -> bool:
    """Tell whether a period is so many hours, rather than so many days of the team."""
    period = placed.bounds.period
    return period.is_of_hours or period.name in (HOURS, QUOTA_DAY)


def _compared(placed: Placed, compare: Comparison) -> tuple[datetime, datetime] | None:
    bounds, calendar = placed.bounds, placed.time
    if compare.days:
        first, last = compare.days
        return calendar.midnight(first), calendar.midnight(last + ONE_DAY)
    if compare.shift:
        start = _moved(bounds.start, compare.shift, calendar)
        length = bounds.end - bounds.start
        return start, start + length if _by_the_clock(placed) else _moved(bounds.end, compare.shift, calendar)
    if bounds.period.is_of_hours:
        return bounds.start - (bounds.end - bounds.start), bounds.start
    before = earlier(bounds, calendar)
    if before is None:
        return None
    found = bounds_of(before, calendar)
    return None if found.is_own else (found.start, min(found.end, bounds.start))


def _moved(at: datetime, shift: timedelta, calendar: TeamTime) -> datetime:
    """The same time of a day that lies so much earlier."""
    day, local = calendar.day_of(at), at.astimezone(calendar.zone)
    if calendar.midnight(day) == at:
        return calendar.midnight(day - shift)
    return quarter_before(datetime.combine(day - shift, local.time(), calendar.zone).astimezone(UTC))


def _elapsed(span: Span, start: datetime, end: datetime, now: datetime | None) -> Pairing:
    """Pairs that lie as far from the start, whatever clocks do."""
    moved = [start + (edge - span.start) for edge in span.edges()]
    places = tuple(number if moved[number] < end else None for number in range(len(moved) - 1))
    cut = end if now is None else _within(start + (now - span.start), start, end)
    return Pairing((*(edge for edge in moved if edge < end), end), places, cut)


def _daily(span: Span, start: datetime, end: datetime, cut: datetime) -> Pairing:
    """Pairs of days, and within each day of the parts that begin as long after its midnight."""
    zone = span.zone
    days = span.end.astimezone(zone).date() - span.start.astimezone(zone).date()
    # However long it is, nothing is paired beyond as many days.
    near = min(end, midnight(start.astimezone(zone).date() + days + ONE_DAY, zone))
    other = replace(span, start=start, end=near)
    theirs = {place: number for number, place in enumerate(_day_places(other))}
    edges = other.edges() if near == end else (*other.edges(), end)
    return Pairing(edges, tuple(theirs.get(place) for place in _day_places(span)), cut)


def _day_places(span: Span) -> Iterator[DayPlace]:
    first, before, part = span.start.astimezone(span.zone).date(), None, 0
    for start, _ in span.buckets():
        day = start.astimezone(span.zone).date()
        part = part + 1 if day == before else 0
        before = day
        yield (day - first).days, part


def _whole(span: Span, start: datetime, end: datetime, cut: datetime) -> Pairing:
    """Pairs of weeks or months where both spans begin with one, else of as many days."""
    other = replace(span, start=start, end=end)
    edges = other.edges() if _begins(span) and _begins(other) else _by_days(span, other)
    count = len(edges) - 1
    return Pairing(edges, tuple(n if n < count else None for n in range(len(span.edges()) - 1)), cut)


def _begins(span: Span) -> bool:
    return span.step.begins_on(span.start.astimezone(span.zone).date(), span.week_start)


def _by_days(span: Span, other: Span) -> tuple[datetime, ...]:
    first, start = (each.start.astimezone(span.zone).date() for each in (span, other))
    days = (edge.astimezone(span.zone).date() - first for edge in span.edges()[1:])
    moved = (midnight(start + passed, span.zone) for passed in days)
    inside = dict.fromkeys(edge for edge in moved if other.start < edge < other.end)
    return (other.start, *inside, other.end)


def _cut(span: Span, start: datetime, end: datetime, calendar: TeamTime) -> datetime:
    """How far the other time had gone when as many days had passed, and as much of the last of them."""
    at = min(calendar.now, span.end)
    passed = calendar.day_of(at) - calendar.day_of(span.start)
    day = calendar.day_of(start) + passed
    begin = span.start if not passed else calendar.midnight(calendar.day_of(at))
    other = start if not passed else calendar.midnight(day)
    return _within(min(other + (at - begin), calendar.midnight(day + ONE_DAY)), start, end)


def _within(at: datetime, start: datetime, end: datetime) -> datetime:
    return max(start, min(quarter_before(at), end))
