"""Gauges of limits: used, left, pace and the moment a limit ends at this burn. Pure functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.clock import is_ahead
from usage.claims import Amount
from usage.models import RateSample
from usage.quota.burn import HOUR, Burn
from usage.quota.day import LimitPeriod

# A rate limit of unknown reset is one of a minute: older headroom says nothing.
HEADROOM_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Gauge:
    """Use of one limit within [starts_at, resets_at). `limit` None is unlimited.

    `pace` is the used share over the elapsed share: above 1 the limit ends before its reset. `exhausted_at`
    is when, going by the burn; None where that is after the reset or cannot be known. Where the use or the
    burn is only known in part, the pace is at least so fast, and the end is there at the latest.
    """

    used: Amount
    limit: int | None
    starts_at: datetime
    resets_at: datetime | None
    burn: Burn | None
    exhausted_at: datetime | None
    pace: float | None

    @property
    def left(self) -> int | None:
        """What may still be used, at most where the use is not known for sure; never below 0."""
        return None if self.limit is None else max(self.limit - self.used.certain, 0)

    @property
    def share(self) -> float | None:
        """The certainly used part of the limit, 0 to 1 and beyond."""
        return self.used.certain / self.limit if self.limit else None

    @property
    def is_latest(self) -> bool:
        """Tell whether the limit may end earlier than it is told."""
        return not self.used.is_known or (self.burn is not None and self.burn.is_least)


def gauge(used: Amount, limit: int | None, period: LimitPeriod, now: datetime, burn: Burn | None) -> Gauge:
    """A gauge at `now`; `burn` is None where it is not known."""
    pace = exhausted_at = None
    if limit and not used.is_unknown and period.end and period.start < now < period.end:
        pace = (used.certain / limit) / ((now - period.start) / (period.end - period.start))
        left = max(limit - used.certain, 0)
        exhausted_at = exhaustion(left, burn.per_hour if burn else None, now, period.end)
    return Gauge(used, limit, period.start, period.end, burn, exhausted_at, pace)


def exhaustion(left: int, burn_per_hour: int | None, now: datetime, end: datetime) -> datetime | None:
    """When `left` is used up at this burn, if that is before `end`."""
    if left == 0:
        return now
    if not burn_per_hour or burn_per_hour < 0 or left >= burn_per_hour * ((end - now) / HOUR):
        return None
    return now + HOUR * (left / burn_per_hour)


@dataclass(frozen=True, slots=True)
class Headroom:
    """Rate limits as the last answer told them. `is_current` is false once their window has passed."""

    sample: RateSample
    age_seconds: int
    is_current: bool

    @property
    def was_told(self) -> bool:
        """Whether it is of a moment that is over: by a clock that was ahead it may be of one to come."""
        return not self.is_current and self.age_seconds > 0


def headroom(sample: RateSample, now: datetime) -> Headroom:
    """How far a sample can still be believed."""
    resets = [at for at in (sample.requests_reset_at, sample.tokens_reset_at) if at]
    until = min(resets, default=sample.received_at + HEADROOM_WINDOW)
    age = max(int((now - sample.received_at).total_seconds()), 0)
    return Headroom(sample, age, is_current=now < until and not is_ahead(sample.received_at, now))
