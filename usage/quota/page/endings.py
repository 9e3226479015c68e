"""When the nearest limit of a key is used up, whether it lasts, or why nobody knows. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from teams.models import Key
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.forecast import NoForecast
from usage.quota.gauges import Gauge
from usage.quota.key_quota import KeyQuota
from usage.quota.standing import runs_out_evenly

type Foreseen = Forecast | NoForecast | None


class Kind(StrEnum):
    """What becomes of a limit."""

    NO_LIMIT = "no limit"
    USED_UP = "used up"
    ENDS = "ends"
    LASTS = "lasts"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Nearest:
    """The limit of a key that is nearest to its end: of the quota day (`is_day`), or of the period."""

    gauge: Gauge
    is_day: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """What becomes of a limit: when it is used up (`at`, at the latest where `is_latest`), or why that is
    not known, or since when. `earliest` is when it may be used up, where it lasts as a rule; `is_unusual`
    says that it ends only if the last hour goes on, while the forecast of the day is that it lasts.
    """

    kind: Kind
    at: datetime | None = None
    is_latest: bool = False
    why: str = ""
    since: datetime | None = None
    earliest: datetime | None = None
    is_unusual: bool = False

    @property
    def is_trouble(self) -> bool:
        """Tell whether a limit is used up before it begins anew."""
        return self.kind in {Kind.USED_UP, Kind.ENDS}


def nearest(quota: KeyQuota, now: datetime) -> Nearest:
    """The limit that ends first, else the one of which most is used; the day's where there is none. Of those
    that are used up it is the one that begins anew last: until then the other is of no use.
    """
    gauges = [Nearest(quota.today, is_day=True)]
    if quota.period is not None:
        gauges.append(Nearest(quota.period, is_day=False))
    limited = [each for each in gauges if each.gauge.limit is not None]
    return min(limited, key=lambda each: _order(each, now), default=gauges[0])


def runs_out(quota: KeyQuota, limit: Nearest, now: datetime) -> datetime | None:
    """When a limit is used up before it begins anew, without a forecast; None of what is not seen."""
    at = limit.gauge.exhausted_at if limit.is_day else runs_out_evenly(limit.gauge, now)
    return None if why_unseen(quota) and limit.gauge.left != 0 else at


def _order(limit: Nearest, now: datetime) -> tuple[float, float, float]:
    gauge = limit.gauge
    at = gauge.exhausted_at if limit.is_day else runs_out_evenly(gauge, now)
    share = -1.0 if gauge.used.is_unknown or gauge.share is None else gauge.share
    resets = gauge.resets_at.timestamp() if gauge.resets_at and gauge.left == 0 else 0.0
    return at.timestamp() if at else float("inf"), -resets, -share


def ending(quota: KeyQuota, limit: Nearest, foreseen: Foreseen) -> Ending:
    """What becomes of the nearest limit: a day's by the burn of its last hour, a period's by its forecast."""
    gauge = limit.gauge
    if gauge.limit is None:
        return Ending(Kind.NO_LIMIT)
    if not gauge.used.is_unknown and gauge.left == 0 and not quota.has_ended:
        return Ending(Kind.USED_UP)
    if unseen := why_unseen(quota):
        return Ending(Kind.UNKNOWN, why=unseen, since=_unseen_since(quota))
    if gauge.used.is_unknown:
        return Ending(Kind.UNKNOWN, why="not known yet", since=None)
    is_of_day = limit.is_day or quota.is_local
    return _of_day(gauge, quota, foreseen) if is_of_day else _of_period(gauge, foreseen)


def why_unseen(quota: KeyQuota) -> str:
    """Why nobody knows what is used now; empty where it is told. Said before `since` some time."""
    if quota.key.status == Key.Status.REFUSED:
        return "refused"
    if quota.is_local:
        return ""
    if quota.has_ended:
        return "its period is over"
    if quota.as_of is None:
        return "no answer could be used" if quota.meter and quota.meter.last_error else "no numbers yet"
    return "not seen" if quota.is_late else ""


def _unseen_since(quota: KeyQuota) -> datetime | None:
    """Since when nothing is told; of a refused key since when it was: its last numbers may be older."""
    is_refused = quota.key.status == Key.Status.REFUSED
    return quota.key.refused_at if is_refused else quota.as_of


def _of_day(gauge: Gauge, quota: KeyQuota, foreseen: Foreseen) -> Ending:
    burn = gauge.burn
    if gauge.exhausted_at is not None:
        found = foreseen.crossing(gauge.limit or 0) if isinstance(foreseen, Forecast) else None
        if found is None or found.likely is not None:
            return Ending(Kind.ENDS, gauge.exhausted_at, gauge.is_latest)
        at, is_latest = gauge.exhausted_at, gauge.is_latest
        return Ending(Kind.ENDS, at, is_latest, earliest=found.earliest, is_unusual=True)
    if burn is None:
        return Ending(Kind.UNKNOWN, why="the last hour was not seen")
    if burn.is_least:
        why = "known" if burn.since else "not all of the last hour was seen"
        return Ending(Kind.UNKNOWN, why=why, since=burn.since)
    if gauge.used.more:
        why = "watched" if quota.watched_since else "a part of it was not seen"
        return Ending(Kind.UNKNOWN, why=why, since=quota.watched_since)
    return Ending(Kind.LASTS)


def _of_period(gauge: Gauge, foreseen: Foreseen) -> Ending:
    if not isinstance(foreseen, Forecast):
        return Ending(Kind.UNKNOWN, why=foreseen.reason if foreseen else "")
    crossing = foreseen.crossing(gauge.limit or 0)
    if crossing.likely is not None:
        return Ending(Kind.ENDS, crossing.likely, not gauge.used.is_known)
    return Ending(Kind.LASTS, earliest=crossing.earliest)
