"""How often each meter is asked: faster where a limit is near, slower where nothing moves, within bounds.

Where nothing moves no limit comes nearer: a meter that stands still is asked slowly, however near it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from common.database.together import read
from usage.models import Meter
from usage.quota.day import quota_day, quota_month
from usage.quota.local import is_untold, local_use
from usage.quota.standing import Standing, local_standing, standings

# Never faster than once a minute, so that polls stay far within the requests reserved for them; never slower
# than a quarter of an hour, which is what charts are drawn of. An interval set beyond these stands as it is.
FASTEST = timedelta(minutes=1)
SLOWEST = timedelta(minutes=15)
NO_TIME = timedelta(0)

# (share of a limit that is used, what the interval is divided by); past the limit there is no hurry.
NEAR = ((0.95, 5), (0.8, 2))

# (how long the counters have stood still, what the interval is multiplied by)
IDLE = ((timedelta(hours=6), 3), (timedelta(hours=1), 2))


@dataclass(frozen=True, slots=True)
class Load:
    """How near a meter is to its nearest limit (0 to 1 and beyond; None without a limit), how long it has
    stood still, and when a limit is used up before it begins anew.
    """

    share: float | None = None
    idle: timedelta = NO_TIME
    runs_out_at: datetime | None = None

    @classmethod
    def of(cls, standing: Standing, idle: timedelta = NO_TIME) -> Self:
        """The load of a meter that stands so."""
        return cls(standing.share, idle, standing.runs_out_at)


def interval(base: timedelta, load: Load) -> timedelta:
    """The time to the next regular poll; `base` is the setting."""
    for still, factor in IDLE:
        if load.idle >= still:
            return max(base, min(base * factor, SLOWEST))
    for share, divisor in NEAR:
        if share <= (load.share or 0) < 1:
            return min(base, max(base / divisor, FASTEST))
    return base


def loads(meters: Sequence[Meter], now: datetime) -> dict[int, Load]:
    """{meter id: its load} of meters whose answers were just stored; a few queries."""
    told = [_as_told(meter, now) for meter in _now(meters)]
    stand = standings(told, now)
    return {
        meter.pk: Load.of(stand[meter.pk], now - still if (still := meter.idle_since) else NO_TIME)
        for meter in told
    }


def local_loads(meters: Sequence[Meter], now: datetime) -> dict[int, Load]:
    """{meter id: its load} of meters whose server told no usage today: by what raxdash itself ran."""
    found: dict[int, Load] = {}
    for zone in {meter.team.quota_zone for meter in meters}:
        day, month = quota_day(now, zone), quota_month(now, zone)
        alone = {
            meter.pk: meter.key
            for meter in meters
            if meter.key and meter.team.quota_zone == zone and is_untold(meter, day)
        }
        uses = read(local_use(list(alone.values()), day, month, now))
        found |= {
            pk: Load.of(local_standing(key.limits(), uses[key.pk], day, month, now))
            for pk, key in alone.items()
        }
    return found


def _now(meters: Sequence[Meter]) -> Iterable[Meter]:
    """The same meters with what was just stored of them, and their keys and teams."""
    rows = Meter.objects.filter(pk__among=[meter.pk for meter in meters]).select_related("key", "team")
    return rows.defer("state", "key__ciphertext")


def _as_told(meter: Meter, now: datetime) -> Meter:
    """The meter as it stands once its answer is written down: it was not missed, and is not late."""
    meter.status, meter.missed_polls, meter.answer_error = Meter.Status.ACTIVE, 0, ""
    meter.answered_at = meter.next_poll_at = now
    return meter
