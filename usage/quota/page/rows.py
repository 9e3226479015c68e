"""One key as a row: its nearest limit, what becomes of it, what is expected, and its last thirty days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from teams.models import Key
from usage.claims import Amount
from usage.explore.figure.cumulative import range_words
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.reading import Foreseen, GoingOn
from usage.quota.gauges import Gauge
from usage.quota.key_quota import KeyQuota
from usage.quota.nearness import NEAR, Group
from usage.quota.page.companions import Companions
from usage.quota.page.days import PastDays
from usage.quota.page.endings import Ending, Kind, Nearest, ending, why_unseen
from usage.quota.page.fit import Enough, enough
from usage.quota.page.own_steps import by_day
from usage.quota.page.strips import PastDay, Strip

ALONE = Companions()


@dataclass(frozen=True)
class Row:
    """A key with its nearest limit (the quota day's where it has none), and what is known of it."""

    now: datetime
    quota: KeyQuota
    limit: Nearest
    strip: Strip
    foreseen: Foreseen | None = None
    companions: Companions = ALONE

    @property
    def key(self) -> Key:
        """The key."""
        return self.quota.key

    @property
    def gauge(self) -> Gauge:
        """The gauge of the nearest limit."""
        return self.limit.gauge

    @property
    def used(self) -> Amount:
        """What was used of it."""
        return self.gauge.used

    @cached_property
    def ending(self) -> Ending:
        """What becomes of it."""
        return ending(self.quota, self.limit, self.foreseen.forecast if self.foreseen else None)

    @property
    def forecast(self) -> Forecast | None:
        """What is expected, where anything is."""
        found = self.foreseen.forecast if self.foreseen else None
        return found if isinstance(found, Forecast) else None

    @property
    def no_forecast(self) -> str:
        """Why nothing is expected."""
        return "" if self.foreseen is None or self.forecast else self.foreseen.forecast.reason  # type: ignore[union-attr]

    @property
    def expected(self) -> str:
        """The range in which the day or period will end: `118 – 141 k`."""
        return range_words(self.forecast.end.low, self.forecast.end.high) if self.forecast else ""

    @property
    def pace(self) -> str:
        """How it goes on in what is expected: as in other weeks, or as the day went so far."""
        return "as usual" if self.forecast and self.forecast.is_profile else "at the whole day's pace"

    @property
    def ghost(self) -> float | None:
        """How full the bar is expected to be at the end, as a share of the limit."""
        limit = self.gauge.limit
        return min(self.forecast.end.middle / limit, 1.0) if self.forecast and limit else None

    @property
    def even(self) -> float | None:
        """How full the bar would be now at an even pace."""
        start, end, now = self.gauge.starts_at, self.gauge.resets_at, self.now
        if self.gauge.limit is None or end is None or not start <= now <= end:
            return None
        return (now - start) / (end - start)

    @property
    def enough(self) -> Enough | None:
        """The plan that would do for a key without a limit."""
        if self.quota.is_local or self.ending.kind != Kind.NO_LIMIT:
            return None
        return enough(self.key, self.strip)

    @property
    def is_refused(self) -> bool:
        """Tell whether the provider refuses the key."""
        return self.key.status == Key.Status.REFUSED

    @property
    def dot(self) -> str:
        """The colour of its dot."""
        if self.is_refused or self.ending.kind == Kind.USED_UP:
            return "bad"
        return {Group.LOOK: "warn", Group.FINE: "good", Group.UNSEEN: "none"}[self.group]

    @property
    def tone(self) -> str:
        """The colour of its bar: grey where it is not the limit that is wrong."""
        if self.ending.kind == Kind.USED_UP:
            return "bad"
        return {Group.LOOK: "warn", Group.FINE: "fine", Group.UNSEEN: "none"}[self.group]

    @cached_property
    def group(self) -> Group:
        """How the key is doing, by all that is known now."""
        is_near = not self.used.is_unknown and (self.gauge.share or 0) >= NEAR and not self.quota.has_ended
        if self.ending.is_trouble or is_near:
            return Group.LOOK
        return Group.UNSEEN if why_unseen(self.quota) else Group.FINE

    @property
    def order(self) -> tuple[int, float, float, str]:
        """Where it stands among others: by group, then what ends soonest, then what is used most."""
        at = self.now if self.ending.kind == Kind.USED_UP else self.ending.at
        share = -1.0 if self.gauge.share is None else self.gauge.share
        return self.group, at.timestamp() if at else float("inf"), -share, self.key.name.lower()


def going_on(pairs: Iterable[tuple[KeyQuota, Nearest]]) -> Mapping[int, GoingOn]:
    """What is to be foreseen of some limits, all of days or all of periods: {meter id: what goes on}."""
    return {
        quota.meter.pk: GoingOn(limit.gauge.starts_at, limit.gauge.resets_at, limit.gauge.used.certain)
        for quota, limit in pairs
        if quota.meter and is_foreseeable(quota, limit)
    }


def is_foreseeable(quota: KeyQuota, limit: Nearest) -> bool:
    """Tell whether a forecast of a limit can say something: there is one, and its use is told by polls."""
    is_told = not limit.gauge.used.is_unknown and not quota.is_local and not quota.has_ended
    return is_told and limit.gauge.limit is not None


def strip_of(quota: KeyQuota, past: PastDays) -> Strip:
    """The last thirty days of a key; today as its gauge has it."""
    limits = past.limits[quota.key.pk]
    amounts = past.amounts(quota.meter.pk if quota.meter else 0)
    if quota.is_local:
        ran, since = past.ran.get(quota.key.pk, ()), quota.meter.watched_until if quota.meter else None
        amounts = list(by_day(past.month.days, amounts, ran, since))
    amounts[-1] = quota.today.used
    days = zip(past.month.days, past.month.dates, amounts, strict=True)
    found = [PastDay(day, used, limits.on(name)) for day, name, used in days]
    found[-1] = PastDay(found[-1].day, found[-1].used, quota.today.limit, is_today=True)
    return Strip(found)
