"""A question in a team's calendar: its span, its neighbours, and what had to be changed to draw it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from usage.explore.query.bounds import Bounds, billing_place, bounds_of, complete_days
from usage.explore.query.periods import BILLING, HOURS, LAST_BILLING, QUOTA_DAY, Period
from usage.explore.query.query import Query
from usage.explore.query.spans import Span
from usage.explore.query.steps import MOST_BUCKETS, Step, fitting_step
from usage.explore.query.team_time import (
    MOMENT,
    ONE_DAY,
    BillingPeriod,
    TeamTime,
    months_after,
    quarter_after,
    quarter_before,
    unit_after,
)


@dataclass(frozen=True, slots=True)
class Room:
    """How many buckets there is room for, and where, in words that go before a number: "a page draws"."""

    most: int
    words: str


PAGE = Room(MOST_BUCKETS, "a page draws")


@dataclass(frozen=True, slots=True)
class Placed:
    """A question whose period has its instants. `query` is the one that is answered, with the period that was
    found; `problems` are clauses for the reader; with `is_own` each key counts its own billing period. Its
    buckets are also cut where `billing` periods begin, oldest first, which a sum that grows has to know.
    """

    query: Query
    time: TeamTime
    bounds: Bounds
    step: Step
    problems: tuple[str, ...] = ()
    billing: tuple[BillingPeriod, ...] = ()

    @classmethod
    def of(cls, query: Query, time: TeamTime) -> Self:
        """Place a question."""
        bounds = bounds_of(query.period, time)
        if query.is_complete_only and not bounds.is_own:
            bounds = complete_days(bounds, time)
        step = query.step or default_step(bounds)
        problems = (bounds.problem,) if bounds.problem else ()
        return cls(query.changed(period=bounds.period), time, bounds, step, problems)

    @property
    def span(self) -> Span:
        """Its time, to be cut into buckets."""
        return self.span_by(self.step)

    def span_by(self, step: Step) -> Span:
        """Its time, to be cut into buckets of another length."""
        start, end = self.bounds.start, self.bounds.end
        return Span(start, end, step, self.time.zone, self.time.week_start, self.cuts)

    @property
    def cuts(self) -> tuple[datetime, ...]:
        """Where billing periods begin within it."""
        begins = (quarter_before(period.start) for period in self.billing)
        return tuple(at for at in begins if self.bounds.start < at < self.bounds.end)

    @property
    def is_own(self) -> bool:
        """Tell whether each key counts its own billing period."""
        return self.bounds.is_own

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last local day, no later than today."""
        last = min(self.bounds.end - MOMENT, self.time.now)
        return self.time.day_of(min(self.bounds.start, last)), self.time.day_of(last)

    def drawable(self, room: Room = PAGE) -> Self:
        """The same with a step for all of whose buckets there is room, and the clause that says so."""
        count = buckets_in(self.span)
        if count <= room.most:
            return self
        step = fitting_step(self.bounds.start, self.bounds.end)
        if buckets_in(self.span_by(step)) > room.most:
            step = Step.MONTH
        if buckets_in(self.span_by(step)) > room.most:
            return self._newest_months(room)
        problem = (
            f"one bar for each {self.step.label} makes {count:,}, more than the {room.most:,} that "
            f"{room.words}: here is one for each {step.label}"
        )
        query = self.query.changed(step=None if step == default_step(self.bounds) else step)
        return replace(self, query=query, step=step, problems=(*self.problems, problem))

    def _newest_months(self, room: Room) -> Self:
        """As much of it as makes the months that there is room for."""
        last = self.time.day_of(self.bounds.end - MOMENT)
        first = months_after(last.replace(day=1), 1 - room.most)
        period = self.query.period
        shorter = replace(period, start=first) if period.is_custom else Period.between(first, last)
        found = Placed.of(self.query.changed(period=shorter, step=None), self.time)
        problem = f"{room.words} no more than {room.most:,} months: here are the newest of them"
        return replace(
            self, query=found.query, bounds=found.bounds, step=found.step, problems=(*self.problems, problem)
        )

    def earlier(self) -> Query | None:
        """The same question one period earlier; None where nothing was counted then."""
        first = self.time.first
        period = None if first and self.bounds.start <= first else earlier(self.bounds, self.time)
        return self.query.changed(period=period) if period else None

    def later(self) -> Query | None:
        """The same question one period later; None where this one reaches the present."""
        latest = self.time.midnight(self.time.today) if self.query.is_complete_only else self.time.now
        period = None if self.bounds.end > latest else later(self.bounds, self.time)
        if self.query.is_complete_only and self.bounds.end == latest:
            period = None
        return self.query.changed(period=period) if period else None


def buckets_in(span: Span) -> int:
    """How many buckets a span has; only about, where they are far too many to draw."""
    count = span.step.buckets_in(span.end - span.start)
    return len(span.edges()) - 1 if count <= 2 * MOST_BUCKETS else count


def default_step(bounds: Bounds) -> Step:
    """The step that fits a period: the last 24 hours are told by hour."""
    return Step.HOUR if bounds.period.name == HOURS else fitting_step(bounds.start, bounds.end)


def earlier(bounds: Bounds, time: TeamTime) -> Period | None:
    """The period of the same kind that ends where this one begins; None where none is known."""
    period = bounds.period
    if period.is_custom:
        return _shifted(bounds, time, -1)
    if period.is_billing:
        place = billing_place(period, time)
        known = place is not None and place + 1 < len(time.billing)
        return Period(BILLING, until=time.place(bounds.start)) if known else None
    return _going_on(period).at(time.place(bounds.start))


def later(bounds: Bounds, time: TeamTime) -> Period | None:
    """The period of the same kind that begins where this one ends."""
    period = bounds.period
    if period.is_custom:
        return _shifted(bounds, time, 1)
    end = _end_of_next(bounds, time)
    until = time.place(end) if end and end <= time.now else None
    return _going_on(period).at(until)


def _going_on(period: Period) -> Period:
    """The period of the same kind that goes on: "last week" is a week that was stepped back."""
    if period.name == LAST_BILLING:
        return Period(BILLING)
    return Period("today" if period.name == "yesterday" else period.name.removeprefix("last-"))


def _end_of_next(bounds: Bounds, time: TeamTime) -> datetime | None:
    period, end = bounds.period, bounds.whole_end or bounds.end
    if period.is_billing:
        place = billing_place(period, time)
        return time.billing[place - 1].end if place else None
    if period.name == HOURS:
        return end + timedelta(hours=24)
    if period.name == QUOTA_DAY:
        return bounds_of(period.at(end + MOMENT), time).end
    return time.midnight(_last_day_of_next(period, time.day_of(end)))


def _last_day_of_next(period: Period, day: date) -> date:
    if period.unit:
        return unit_after(period.unit[0], day)
    return months_after(day, period.months) if period.months else day + timedelta(days=period.days or 7)


def _shifted(bounds: Bounds, time: TeamTime, times: int) -> Period:
    """Chosen days or hours, moved by their length, and never beyond the present."""
    end, now = bounds.whole_end or bounds.end, quarter_after(time.now)
    if bounds.period.is_of_hours:
        length = end - bounds.start
        move = min(length * times, now - end) if times > 0 else -length
        return Period.between(bounds.start + move, end + move)
    first, last = time.day_of(bounds.start), time.day_of(end) - ONE_DAY
    days = (last - first + ONE_DAY) * times
    days = min(days, time.today - last) if times > 0 else days
    return Period.between(first + days, last + days)
