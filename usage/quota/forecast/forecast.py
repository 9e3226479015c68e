"""The forecast of a span that goes on, or why there is none. Pure.

By the hours of the week once two weeks are known, else along a straight line; the range is what the same
method was off by on the days before, told at the same time of the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.templatetags.numbers import percent
from usage.quota.forecast.course import Forecast, Point
from usage.quota.forecast.errors import PastErrors
from usage.quota.forecast.history import HOUR, HOURS_OF_DAY, HOURS_OF_WEEK, History
from usage.quota.forecast.outlook import straight_lines
from usage.quota.forecast.profile import by_profile
from usage.quota.forecast.ranges import Ranges

LEAST_OF_DAY, LEAST_OF_PERIOD = timedelta(hours=3), timedelta(days=3)
LONGEST_DAY, LONGEST = timedelta(hours=25), timedelta(days=400)
LEAST_COVERAGE = 0.8
# A profile is used from two weeks on; what it would have said is tried from its ninth day on.
USED, TRIED = 2 * HOURS_OF_WEEK, 8 * HOURS_OF_DAY
# A course has no more points than this, so many hours apart.
MOST_POINTS = 48
# What was made of which hours, of so many spans: some 10 KB each.
MOST_KNOWN = 1_000
_known: dict[tuple[bytes, datetime, datetime, datetime], tuple[Ranges, bool]] = {}
STEPS = (1, 3, 6, 12, HOURS_OF_DAY, HOURS_OF_WEEK, 4 * HOURS_OF_WEEK)


@dataclass(frozen=True, slots=True)
class NoForecast:
    """Why there is none, in words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Span:
    """A day or a billing period that goes on: `used` is what was used from `start` to `as_of`."""

    start: datetime
    end: datetime
    used: int
    as_of: datetime

    @property
    def is_day(self) -> bool:
        """Tell whether it is a day, of a zone whose clocks may change."""
        return self.end - self.start <= LONGEST_DAY

    @property
    def least(self) -> timedelta:
        """How much of it must have passed."""
        return LEAST_OF_DAY if self.is_day else LEAST_OF_PERIOD

    @property
    def elapsed(self) -> float:
        """The hours of it that were told of."""
        return (self.as_of - self.start) / HOUR

    @property
    def left(self) -> float:
        """The hours of it that were not told of."""
        return (self.end - self.as_of) / HOUR


def forecast(history: History, span: Span, now: datetime) -> Forecast | NoForecast:
    """What will have been used when a span ends, by the hours up to `span.as_of`."""
    if reason := why_none(history, span, now):
        return NoForecast(reason)
    ranges, is_profile = _ranges(history, span)
    points = [Point(span.as_of, span.used, span.used, span.used)]
    for hours in _steps(span.left):
        more = ranges.after(hours)
        before = points[-1]
        # What was used stays used: a course never falls.
        low, middle, high = (
            max(was, span.used + round(amount))
            for was, amount in zip((before.low, before.middle, before.high), more, strict=True)
        )
        points.append(Point(span.as_of + HOUR * hours, low, middle, high))
    return Forecast(points, is_profile, ranges.tested)


def why_none(history: History, span: Span, now: datetime) -> str:
    """Why there can be no forecast of a span; an empty text where there can."""
    if span.end - span.start > LONGEST:
        return f"No forecast is made over more than {LONGEST.days} days."
    if not span.start <= now < span.end or not span.start <= span.as_of <= now:
        return "A forecast is made only of time that goes on."
    what, least = ("day", "3 hours") if span.is_day else ("period", "3 days")
    if now - span.start < span.least:
        return f"A forecast is made once {least} of the {what} have passed."
    due, watched = _watched(history, span, now)
    if due < span.least / HOUR:
        return f"A forecast is made once {least} of the {what} have been watched."
    if watched < LEAST_COVERAGE * due:
        share = 100 * watched / due
        return f"Only {percent(int(share) or share)} of the {what} so far was seen; a forecast needs 80 %."
    return ""


def _watched(history: History, span: Span, now: datetime) -> tuple[float, float]:
    """How many hours of a span so far should have been seen, and how many were. The hour in which `as_of`
    lies has no place in the history yet; what came later was not seen.
    """
    start, end = history.place(span.start), history.place(span.as_of)
    last = max(end - max(len(history), start), 0)
    due = history.hours_due(start, end) + last + (now - span.as_of) / HOUR
    return due, history.watched(start, end) + last


def _ranges(history: History, span: Span) -> tuple[Ranges, bool]:
    """What is expected, by the method that fits, with its errors; and whether that is the profile.

    A page that is looked at again before anything was told asks the same of the same hours.
    """
    asked = history.digest, span.start, span.end, span.as_of
    if (found := _known.get(asked)) is None:
        found = _made(history.from_first_use(), span)
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[asked] = found
    return found


def _made(history: History, span: Span) -> tuple[Ranges, bool]:
    place = history.place(span.as_of)
    is_profile = _has_profile(history)
    least = span.least / HOUR
    past = history.same_times(place, TRIED if is_profile else least)
    if is_profile:
        found = by_profile(history, [*past, place], span.left)
    else:
        found = straight_lines(history, [*past, place], span.elapsed, least)
    *outlooks, outlook = found
    return Ranges(outlook, PastErrors(history, past, outlooks), history.usual_rate(), span.left), is_profile


def _has_profile(history: History) -> bool:
    """Tell whether two weeks are known, and were seen."""
    return (
        len(history) >= USED and history.watched(len(history) - USED, len(history)) >= LEAST_COVERAGE * USED
    )


def _steps(left: float) -> Iterator[float]:
    """The hours from now to each point of a course: whole steps back from its end."""
    step = next(step for step in STEPS if left <= MOST_POINTS * step)
    for number in range(int(left / step), -1, -1):
        if (hours := left - number * step) > 0:
            yield hours
