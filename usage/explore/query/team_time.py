"""What a question is placed in: a zone, its weeks, the moment, where numbers begin, billing periods."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from usage.explore.query.periods import DEFAULT, Place, Unit
from usage.explore.query.spans import midnight
from usage.ledger.words import EPOCH

QUARTER = timedelta(minutes=15)
ONE_DAY = timedelta(days=1)
# Before the end of a time lies its last moment.
MOMENT = timedelta(microseconds=1)
# No provider counted before; what lies beyond the latest day is no calendar of ours.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
MONTHS_OF = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


class BillingPeriod(NamedTuple):
    """A billing period of the team's meters; `end` is exclusive, None where the provider did not say. With
    `is_own` each key counts its own, and they begin and end between the two. `of` is whose it is, where one
    account was asked for.
    """

    start: datetime
    end: datetime | None
    is_own: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class TeamTime:
    """A moment in a team's calendar. Nothing was counted before `first`, where that is known; `billing` are
    the periods around the one that is asked for, newest first; `opening` is the period of an address that
    names none.
    """

    zone: ZoneInfo
    now: datetime
    week_start: int = 0
    quota_zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009  a zone never changes
    first: datetime | None = None
    billing: tuple[BillingPeriod, ...] = ()
    opening: str = DEFAULT

    def changed(self, **parts: Any) -> Self:
        """The same moment, with some parts changed."""
        return replace(self, **parts)

    @property
    def today(self) -> date:
        """The local day that it is."""
        return self.day_of(self.now)

    def day_of(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The first instant of a local day."""
        return midnight(day, self.zone)

    def instant(self, place: Place) -> datetime:
        """A place in time as an instant: of a local day its first."""
        return place if isinstance(place, datetime) else self.midnight(place)

    def place(self, at: datetime) -> Place:
        """An instant as an address says it: a local midnight as its day."""
        day = self.day_of(at)
        return day if self.midnight(day) == at else at.astimezone(UTC)

    def unit_start(self, unit: Unit, day: date) -> date:
        """The first day of the unit of the calendar that holds a day."""
        if unit == Unit.DAY:
            return day
        if unit == Unit.WEEK:
            return day - timedelta(days=(day.weekday() - self.week_start) % 7)
        months = MONTHS_OF[unit]
        return day.replace(day=1, month=(day.month - 1) // months * months + 1)


def unit_after(unit: Unit, first: date, count: int = 1) -> date:
    """The first day of the unit that comes so many after the one that begins on `first`; before it for less
    than none.
    """
    if unit in MONTHS_OF:
        return months_after(first, MONTHS_OF[unit] * count)
    return first + timedelta(days=count * (7 if unit == Unit.WEEK else 1))


def months_after(day: date, count: int) -> date:
    """The same day so many months later, or the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - ONE_DAY).day
    return date(year, month + 1, min(day.day, last))


def quarter_before(at: datetime) -> datetime:
    """The quarter of an hour in UTC that an instant falls in."""
    return at - (at - EPOCH) % QUARTER


def quarter_after(at: datetime) -> datetime:
    """The first quarter of an hour that begins no sooner."""
    return at + (EPOCH - at) % QUARTER


def clock(local: datetime) -> str:
    """What clocks show at a local time: `14:05`, or `02:00 CEST` where they show it twice that day."""
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M %Z}" if is_twice else f"{local:%H:%M}"
