"""How much of each key's limits is used, what is left, and when it ends at this pace."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teams.models import Key, Team
from usage.books.local_usage import LocalSum, local_sums
from usage.ledger import REQUESTS, TOKENS, Quality
from usage.ledger.words import SECOND
from usage.models import LimiterWindow, Meter, RateSample
from usage.quota.day import LimitPeriod, QuotaDay, quota_day, quota_month
from usage.quota.gauges import HOUR, Gauge, Headroom, gauge, headroom
from usage.quota.use import meters_of, own_tokens, used_since_each

# Less watched time than this tells no burn.
LEAST_WATCHED = 15 * 60 * SECOND


@dataclass(frozen=True, slots=True)
class KeyQuota:
    """What a key may spend and has spent: the quota day, the billing period, and live headroom.

    `as_of` is the last poll; `own_since` are tokens that raxdash itself spent after it, not in the gauges.
    `is_local` says that the server counts no usage: the gauges are of what raxdash ran, the period is the
    calendar month, and the tokens of `estimated` requests of it were not reported.
    `own_requests` is what raxdash itself sent in the last minute.
    """

    key: Key
    meter: Meter | None
    today: Gauge
    today_requests: int
    period: Gauge | None
    period_requests: int | None
    headroom: Headroom | None = None
    own_requests: int = 0
    as_of: datetime | None = None
    own_since: int = 0
    is_local: bool = False
    estimated: int = 0


@dataclass(frozen=True, slots=True)
class LocalUse:
    """What raxdash itself ran with a key in the quota day, in the month, and in the last hour."""

    today: LocalSum
    month: LocalSum
    hour: LocalSum


def key_quotas(team: Team, keys: Sequence[Key], now: datetime) -> list[KeyQuota]:
    """The quotas of some keys of a team, in their order, in a few queries."""
    meters = meters_of(keys)
    day, month = quota_day(now, team.quota_zone), quota_month(now, team.quota_zone)
    own = own_tokens(keys, day.start)
    today, last_hour = used_since_each(meters.values(), (day.start, now - HOUR), now)
    samples = RateSample.objects.in_bulk([key.pk for key in keys])
    windows = LimiterWindow.objects.in_bulk([key.pk for key in keys])
    local = _local_use([key for key in keys if _is_local(meters.get(key.pk), day)], day, month, now)
    found = []
    for key in keys:
        meter, sample = meters.get(key.pk), samples.get(key.pk)
        room = headroom(sample, now) if sample else None
        sent = windows[key.pk].requests_by(now) if key.pk in windows else 0
        if key.pk in local:
            found.append(local_quota(key, meter, now, (day, month), local[key.pk], room, sent))
            continue
        used, hour = (use.get(meter.pk if meter else 0, Counter()) for use in (today, last_hour))
        since = own[key.pk].since_poll
        found.append(key_quota(key, meter, now, day, used, burn(hour), since, room, sent))
    return found


def _is_local(meter: Meter | None, day: QuotaDay) -> bool:
    """Tell whether only raxdash knows what was used today: the server tells no usage, or no more."""
    if meter is None or meter.status != Meter.Status.NO_USAGE:
        return False
    return meter.watched_until is None or meter.watched_until <= day.start


def _local_use(
    keys: Sequence[Key], day: LimitPeriod, month: LimitPeriod, now: datetime
) -> Mapping[UUID, LocalUse]:
    """{key id: what raxdash ran with it}; no query where there is no such key."""
    if not keys:
        return {}
    sums = local_sums(keys, (day.start, month.start, now - HOUR), now)
    return {key.pk: LocalUse(*(since.get(key.pk, LocalSum()) for since in sums)) for key in keys}


def burn(hour: Counter[str]) -> int | None:
    """Tokens an hour, by the last hour's watched time; unknown where it holds what nobody watched."""
    watched = hour[Quality.MEASURED] + hour[Quality.INTERPOLATED] + hour[Quality.CORRECTED]
    if watched < LEAST_WATCHED or hour[Quality.BEFORE_WATCHING]:
        return None
    return max(hour[TOKENS] * 3_600 * SECOND // watched, 0)


def key_quota(
    key: Key,
    meter: Meter | None,
    now: datetime,
    day: LimitPeriod,
    used: Counter[str],
    burn_per_hour: int | None,
    own_since: int,
    room: Headroom | None,
    own_requests: int,
) -> KeyQuota:
    """Put together what is known of a key whose server counts."""
    limits = key.limits()
    period = None
    if meter and meter.period_start:
        span = LimitPeriod(meter.period_start, meter.period_end)
        period = gauge(meter.period_tokens or 0, limits.tokens_per_period, span, now, burn_per_hour)
    return KeyQuota(
        key,
        meter,
        today=gauge(used[TOKENS], limits.tokens_per_day, day, now, burn_per_hour),
        today_requests=used[REQUESTS],
        period=period,
        period_requests=meter.period_requests if meter else None,
        headroom=room,
        own_requests=own_requests,
        as_of=meter.watched_until if meter else None,
        own_since=own_since,
    )


def local_quota(
    key: Key,
    meter: Meter | None,
    now: datetime,
    spans: tuple[LimitPeriod, LimitPeriod],
    use: LocalUse,
    room: Headroom | None,
    own_requests: int,
) -> KeyQuota:
    """Put together what raxdash itself ran with a key in the quota day and the month."""
    limits, (day, month) = key.limits(), spans
    return KeyQuota(
        key,
        meter,
        today=gauge(use.today.tokens, limits.tokens_per_day, day, now, use.hour.tokens),
        today_requests=use.today.requests,
        period=gauge(use.month.tokens, limits.tokens_per_period, month, now, use.hour.tokens),
        period_requests=use.month.requests,
        headroom=room,
        own_requests=own_requests,
        is_local=True,
        estimated=use.month.estimated,
    )
