"""The quota day: when the provider's limits of a day begin and end. Pure functions of time and zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from usage.ledger.grid import day_start
from usage.ledger.words import moment


@dataclass(frozen=True, slots=True)
class LimitPeriod:
    """[start, end) over which a limit counts, aware; `end` is None where the provider does not say."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class QuotaDay(LimitPeriod):
    """A day of a zone, 23 to 25 hours long, as two instants in UTC."""

    end: datetime


def quota_day(now: datetime, zone: ZoneInfo) -> QuotaDay:
    """The quota day that holds `now`; its zone is the team's setting, UTC unless the provider differs."""
    return _day(now.astimezone(zone).date(), zone)


# Every poll asks for the same few days.
@lru_cache(maxsize=1_000)
def _day(day: date, zone: ZoneInfo) -> QuotaDay:
    return QuotaDay(moment(day_start(day, zone)), moment(day_start(day + timedelta(days=1), zone)))


def quota_month(now: datetime, zone: ZoneInfo) -> LimitPeriod:
    """The calendar month of a zone that holds `now`: the period of a key whose provider names none."""
    first = now.astimezone(zone).date().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return LimitPeriod(_day(first, zone).start, _day(following, zone).start)
