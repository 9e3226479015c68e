"""Where keys stand: how much of the nearest limit is used, and when one is used up before its reset.

What is worked out here after a poll is kept with the meter, so that 500 keys are put in order, and a menu
gets its dot, without a look at 500 ledgers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.database import bulk
from common.database.together import read
from teams.models import Key, KeyLimits
from usage.claims import at_least
from usage.ledger import TOKENS
from usage.models import Meter
from usage.quota.burn import Burn, burn, hour_before
from usage.quota.day import LimitPeriod, QuotaDay, quota_day
from usage.quota.gauges import Gauge, gauge
from usage.quota.local import LocalUse
from usage.quota.reading import reading_beginnings
from usage.quota.use import Use, used_since_each

# Of less of a billing period nobody can say how it goes on.
LEAST_OF_PERIOD = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of its nearest limit a key has used (0 to 1 and beyond; None without a limit), and when the
    first of its limits is used up; None where all last until they begin anew.
    """

    share: float | None = None
    runs_out_at: datetime | None = None


def standing(today: Gauge | None, period: Gauge | None, now: datetime) -> Standing:
    """Where a key stands by what is known of its quota day and its billing period."""
    shares = [each.share for each in (today, period) if each and each.share is not None]
    ends = [today.exhausted_at if today else None, runs_out_evenly(period, now) if period else None]
    return Standing(max(shares, default=None), min((end for end in ends if end), default=None))


def runs_out_evenly(period: Gauge, now: datetime) -> datetime | None:
    """When the limit of a billing period is used up if it goes on as it went since its start, where that is
    before its end; now where it is used up.
    """
    if not period.limit or period.used.is_unknown or not period.resets_at:
        return None
    if period.left == 0:
        return now
    elapsed = now - period.starts_at
    if elapsed < LEAST_OF_PERIOD or period.used.certain <= 0:
        return None
    # A limit far away may be reached after the last day that a date can name, and no length of time holds it.
    whole = period.resets_at - period.starts_at
    if elapsed.total_seconds() * period.limit >= whole.total_seconds() * period.used.certain:
        return None
    return period.starts_at + elapsed * (period.limit / period.used.certain)


def standings(meters: Iterable[Meter], now: datetime) -> dict[int, Standing]:
    """{meter id: where it stands} of meters, with their keys and teams, that told something just now."""
    by_day: dict[QuotaDay, list[Meter]] = {}
    for meter in meters:
        by_day.setdefault(quota_day(now, meter.team.quota_zone), []).append(meter)
    return {pk: found for day, each in by_day.items() for pk, found in _of_day(each, day, now).items()}


def keep_standings(keys: Iterable[Key], now: datetime) -> None:
    """Write down where the meters of keys stand by what they told last, when no poll changed that.

    What a key without usage spent is looked at when it is asked, once an hour.
    """
    told = Meter.objects.filter(
        key__in=[key.pk for key in keys], merged_into=None, watched_until__isnull=False
    )
    meters = list(told.select_related("key", "team").defer("state", "key__ciphertext"))
    found = standings(meters, now)
    for meter in meters:
        meter.limit_share, meter.runs_out_at = found[meter.pk].share, found[meter.pk].runs_out_at
    bulk.update(Meter, meters, ("limit_share", "runs_out_at"))


def local_standing(
    limits: KeyLimits, use: LocalUse, day: LimitPeriod, month: LimitPeriod, now: datetime
) -> Standing:
    """Where a key stands of which only raxdash knows what was used."""
    today = gauge(at_least(use.today.tokens), limits.tokens_per_day, day, now, Burn(use.hour.tokens))
    return standing(today, gauge(at_least(use.month.tokens), limits.tokens_per_period, month, now, None), now)


def _of_day(meters: Sequence[Meter], day: QuotaDay, now: datetime) -> dict[int, Standing]:
    """The same of meters with the same quota day."""
    limited = [meter for meter in meters if _limits(meter).tokens_per_day]
    starts = (day.start, hour_before(now))
    today, hour = read(used_since_each(limited, starts, now)) if limited else ({}, {})
    begun = read(reading_beginnings(limited, (starts[0], today), (starts[1], hour))) if limited else {}
    found = {}
    for meter in meters:
        limits = _limits(meter)
        rate = burn(hour[meter.pk], meter, begun.get(meter.pk), now) if meter.pk in hour else None
        gauges = _today(meter, limits, today, day, now, rate), _period(meter, limits, now)
        found[meter.pk] = standing(*gauges, now)
    return found


def _today(
    meter: Meter,
    limits: KeyLimits,
    today: Mapping[int, Use],
    day: LimitPeriod,
    now: datetime,
    rate: Burn | None,
) -> Gauge | None:
    if not limits.tokens_per_day:
        return None
    return gauge(at_least(today[meter.pk].certain[TOKENS]), limits.tokens_per_day, day, now, rate)


def _period(meter: Meter, limits: KeyLimits, now: datetime) -> Gauge | None:
    """The gauge of the billing period; one that is over is near no limit, whatever was used in it."""
    if not limits.tokens_per_period or meter.period_start is None:
        return None
    is_over = meter.period_end is not None and meter.period_end <= now
    used = at_least(0 if is_over else meter.period_tokens or 0)
    return gauge(used, limits.tokens_per_period, LimitPeriod(meter.period_start, meter.period_end), now, None)


def _limits(meter: Meter) -> KeyLimits:
    return meter.key.limits() if meter.key else KeyLimits()
