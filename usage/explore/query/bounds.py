"""From a period to its instants in a team's calendar: the nearest there is, and what had to be changed."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from usage.explore.query.periods import BILLING, HOURS, LAST_BILLING, QUOTA_DAY, Period, Place
from usage.explore.query.spans import midnight, next_hour
from usage.explore.query.steps import MOST_BUCKETS, Step
from usage.explore.query.team_time import (
    EARLIEST,
    MOMENT,
    ONE_DAY,
    QUARTER,
    TeamTime,
    months_after,
    quarter_after,
    quarter_before,
    unit_after,
)

# A longer period makes more bars of a month than a page draws.
LONGEST = Step.MONTH.shortest * MOST_BUCKETS


class Bounds(NamedTuple):
    """[start, end) of a period in UTC, on quarters of an hour, and what was changed, as a clause. `whole_end`
    is where the period itself ends, of which only complete days may be shown.
    """

    period: Period
    start: datetime
    end: datetime
    problem: str = ""
    is_own: bool = False
    whole_end: datetime | None = None

    def goes_on(self, now: datetime) -> bool:
        """Tell whether the period itself is not over, or shown in part."""
        return (self.whole_end or self.end) > min(self.end, now)


def bounds_of(period: Period, time: TeamTime) -> Bounds:
    """Place a period; one that cannot be placed becomes the nearest one."""
    if period.is_custom:
        return _custom(period, time)
    if not period.name:
        period = Period(time.opening, until=period.until)
    if period.until is not None and time.instant(period.until) > time.now:
        # The future is no stop.
        period = period.at(None)
    if period.is_billing:
        return _billing(period, time)
    start, end = _named(period, time)
    return Bounds(period, start, end)


def _named(period: Period, time: TeamTime) -> tuple[datetime, datetime]:
    until = None if period.until is None else time.instant(period.until)
    if period.name == HOURS:
        end = quarter_before(until) if until else next_hour(time.now, time.zone)
        return end - timedelta(hours=24), end
    if period.name == QUOTA_DAY:
        day = (until - MOMENT if until else time.now).astimezone(time.quota_zone).date()
        return midnight(day, time.quota_zone), midnight(day + ONE_DAY, time.quota_zone)
    first, last = _days(period, time, until)
    return time.midnight(first), time.midnight(last)


def _days(period: Period, time: TeamTime, until: datetime | None) -> tuple[date, date]:
    """The local days [first, last) of a unit of the calendar, or of so many days or months."""
    if not period.unit:
        last = time.day_of(until) if until else time.today + ONE_DAY
        months = period.months
        return (months_after(last, -months) if months else last - timedelta(days=period.days or 7)), last
    unit, ago = period.unit
    first = unit_after(unit, time.unit_start(unit, time.day_of(until - MOMENT if until else time.now)), -ago)
    last = unit_after(unit, first)
    if time.midnight(first) == time.midnight(last):
        # Clocks skipped the day whole, as Samoa's did.
        first, last = first - ONE_DAY, first
    return first, last


def billing_place(period: Period, time: TeamTime) -> int | None:
    """The number of a billing period among those known, the newest being 0."""
    # What begins at this moment has begun; what begins where another one was left is the next.
    until = time.now + MOMENT if period.until is None else time.instant(period.until)
    began = (number for number, known in enumerate(time.billing) if known.start < until)
    place = next(began, None)
    if place is None or period.name == BILLING:
        return place
    return place + 1 if place + 1 < len(time.billing) else None


def _billing(period: Period, time: TeamTime) -> Bounds:
    place = billing_place(period, time)
    if place is None:
        nearest = Period("30d") if period.name == BILLING else Period(BILLING)
        missing = "no billing period is known yet: here are the last 30 days"
        if period.name == LAST_BILLING and time.billing:
            missing = "no billing period before this one is known: here is this one"
        return bounds_of(nearest, time)._replace(problem=missing)
    start, end, is_own, _ = time.billing[place]
    if end is None or end <= start:
        end = max(time.midnight(time.today + ONE_DAY), start + ONE_DAY)
    bounds = Bounds(period, quarter_before(start), quarter_after(end), is_own=is_own)
    if bounds.end - bounds.start <= LONGEST:
        return bounds
    # Providers tell of ends in 9998: what is to come has no numbers, and thousands of empty bars.
    today = max(time.midnight(time.today + ONE_DAY), bounds.start + ONE_DAY)
    return bounds._replace(end=min(bounds.end, today), whole_end=bounds.end)


def _custom(period: Period, time: TeamTime) -> Bounds:
    if period.is_of_hours:
        return _hours(period, time)
    last = time.today if period.end is None else _day(period.end, time)
    if period.start is None:
        last = min(last, time.today)
    first = max(last - timedelta(days=6), EARLIEST) if period.start is None else _day(period.start, time)
    problem = ""
    if first > last:
        first, last, problem = last, first, "the first day came after the last: they are swapped"
    if first > time.today:
        first, problem = time.today, "those days are still to come: here is today"
    last = min(last, time.today)
    if time.midnight(first) == time.midnight(last + ONE_DAY):
        first, last = first - ONE_DAY, last - ONE_DAY
        problem = "clocks skipped that day: here is the one before"
    # What was open stays open: the same address tells of more days tomorrow.
    asked = Period.between(
        first if period.start or problem else None, last if period.end or problem else None
    )
    return Bounds(asked, time.midnight(first), time.midnight(last + ONE_DAY), problem)


def _day(place: Place, time: TeamTime) -> date:
    return time.day_of(place) if isinstance(place, datetime) else place


def _hours(period: Period, time: TeamTime) -> Bounds:
    """Chosen instants; beside one of them a day is its first moment, or its last where it is the end."""
    latest = quarter_after(time.now)
    end = latest if period.end is None else _end(period.end, time)
    start = end - ONE_DAY if period.start is None else time.instant(period.start)
    problem = ""
    if start > end:
        start, end, problem = end, start, "the start came after the end: they are swapped"
    first, last = time.day_of(start), time.day_of(end)
    if time.midnight(first) == start < end == time.midnight(last):
        # Hours that are whole days are those days.
        days = _custom(Period.between(first, last - ONE_DAY), time)
        return days._replace(problem=days.problem or problem)
    if start >= latest:
        return bounds_of(Period(HOURS), time)._replace(
            problem="that is still to come: here are the last 24 hours"
        )
    start, end = quarter_before(start), min(quarter_after(end), latest)
    end = max(end, quarter_before(start) + QUARTER)
    return Bounds(Period.between(start, end), start, end, problem)


def _end(place: Place, time: TeamTime) -> datetime:
    return place if isinstance(place, datetime) else time.midnight(place + ONE_DAY)


def complete_days(bounds: Bounds, time: TeamTime) -> Bounds:
    """Only the days of it that are over; as many of them where it is the last so many days or months."""
    today, period = time.midnight(time.today), bounds.period
    if bounds.end > today and (period.days or period.months) and not period.is_stepped:
        start, end = _named(period.at(time.today), time)
        return bounds._replace(start=start, end=end)
    start = bounds.start
    if time.midnight(time.day_of(start)) != start:
        start = time.midnight(time.day_of(start) + ONE_DAY)
    end = time.midnight(time.day_of(min(bounds.end, today)))
    if start >= end:
        problem = "it holds no day that is over: here is yesterday"
        return bounds_of(Period("yesterday"), time)._replace(problem=bounds.problem or problem)
    return bounds._replace(start=start, end=end, whole_end=bounds.end)
