"""How often each meter is asked: faster where a limit is near, slower where nothing moves, within bounds.

Where nothing moves no limit comes nearer: a meter that stands still is asked slowly, however near it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.together import read
from teams.models import KeyLimits
from usage.ledger import TOKENS
from usage.models import Meter
from usage.quota.day import quota_day, quota_month
from usage.quota.local import is_untold, local_use
from usage.quota.use import used_since

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
    """How near a meter is to its nearest limit (0 to 1 and beyond; None without a limit), and how long it
    has stood still.
    """

    share: float | None = None
    idle: timedelta = NO_TIME


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
    """{meter id: its load} of meters (with keys and teams) whose answers were just stored; a few queries."""
    ids = [meter.pk for meter in meters]
    since = dict(Meter.objects.filter(pk__among=ids).values_list("pk", "idle_since"))
    used = _today(meters, now), _this_period(meters, now)
    return {
        meter.pk: Load(_share(meter, *used), now - still if (still := since.get(meter.pk)) else NO_TIME)
        for meter in meters
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
        found |= {pk: Load(uses[key.pk].share(key)) for pk, key in alone.items()}
    return found


def _today(meters: Iterable[Meter], now: datetime) -> dict[int, int]:
    """{meter id: tokens of its quota day}, of the meters whose keys have a daily limit."""
    by_day: dict[datetime, list[Meter]] = {}
    for meter in meters:
        if meter.key is not None and meter.key.limits().tokens_per_day:
            by_day.setdefault(quota_day(now, meter.team.quota_zone).start, []).append(meter)
    return {
        pk: use.certain[TOKENS]
        for start, limited in by_day.items()
        for pk, use in used_since(limited, start, now).items()
    }


def _this_period(meters: Iterable[Meter], now: datetime) -> dict[int, int]:
    """{meter id: tokens of its billing period}, of the meters whose keys have a limit for it.

    A period that is over is near no limit, whatever was used in it.
    """
    limited = [meter.pk for meter in meters if meter.key and meter.key.limits().tokens_per_period]
    open_ones = Meter.objects.filter(pk__in=limited).exclude(period_end__lte=now)
    told = open_ones.values_list("pk", "period_tokens")
    return {pk: tokens or 0 for pk, tokens in told}


def _share(meter: Meter, today: Mapping[int, int], period: Mapping[int, int]) -> float | None:
    """The largest share of a limit that is used; None where there is no limit."""
    limits = meter.key.limits() if meter.key else KeyLimits(None, None)
    pairs = (today, limits.tokens_per_day), (period, limits.tokens_per_period)
    return max((used.get(meter.pk, 0) / limit for used, limit in pairs if limit), default=None)
