"""How much of each key's limits is used, what is left, and when it ends at this pace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from teams.models import Key, Team
from usage.claims import UNKNOWN, Amount, known
from usage.ledger import REQUESTS, TOKENS
from usage.models import Meter
from usage.quota import certainty
from usage.quota.burn import Burn, burn
from usage.quota.day import LimitPeriod
from usage.quota.gauges import Gauge, Headroom, gauge, headroom
from usage.quota.local import LocalUse
from usage.quota.reading import Reading
from usage.quota.watch import Beginning, has_ended, is_late, seen_until


@dataclass(frozen=True, slots=True)
class KeyQuota:
    """What a key may spend and has spent: the quota day, the billing period, and live headroom.

    `as_of` is the last poll that told something; `is_late` says that polls since then did not, `has_ended`
    that the newest period told is over. `watched_since` is when watching began today, or began again
    (`is_again`) after nobody had watched since before today. `own_since` are tokens that raxdash itself
    spent after the last poll, not in the gauges. `is_local` says that the server counts no usage: the gauges
    are of what raxdash ran, the period is the calendar month, and the tokens of `estimated` requests of it
    were not reported. `own_requests` is what raxdash itself sent in the last minute.
    """

    key: Key
    meter: Meter | None
    today: Gauge
    today_requests: Amount
    period: Gauge | None
    period_requests: Amount
    headroom: Headroom | None
    own_requests: int
    as_of: datetime | None = None
    is_late: bool = False
    has_ended: bool = False
    watched_since: datetime | None = None
    is_again: bool = False
    own_since: int = 0
    is_local: bool = False
    estimated: int = 0


def key_quotas(team: Team, keys: Sequence[Key], now: datetime) -> list[KeyQuota]:
    """The quotas of some keys of a team, in their order, in a few queries."""
    return quotas_of(Reading.of(team, keys, now), keys)


def quotas_of(reading: Reading, keys: Sequence[Key]) -> list[KeyQuota]:
    """The quotas of some keys of which was read what is known."""
    return [
        local_quota(key, reading.local[key.pk], reading)
        if key.pk in reading.local
        else key_quota(key, reading)
        for key in keys
    ]


def key_quota(key: Key, reading: Reading) -> KeyQuota:
    """Put together what is known of a key whose server counts."""
    now, meter, limits = reading.now, reading.meters.get(key.pk), key.limits()
    today, hour = reading.use_of(meter)
    beginning = reading.beginnings.get(meter.pk) if meter else None
    rate = burn(hour, meter, beginning, now) if meter else None
    tokens, requests = (
        certainty.of_day(metric, today, meter, beginning, reading.day, now) for metric in (TOKENS, REQUESTS)
    )
    room, sent = _live(key, reading)
    seen = seen_until(meter) if meter else None
    return KeyQuota(
        key,
        meter,
        gauge(tokens, limits.tokens_per_day, reading.day, now, rate),
        requests,
        _period(meter, limits.tokens_per_period, rate, now),
        certainty.of_period(REQUESTS, meter, now) if meter else UNKNOWN,
        room,
        sent,
        as_of=min(seen, now) if seen else None,
        is_late=meter is not None and is_late(meter, now),
        has_ended=meter is not None and has_ended(meter, now),
        watched_since=_within(beginning, reading.day) or today.cut_until,
        is_again=beginning is None and today.cut_until is not None,
        own_since=reading.own[key.pk].since_poll,
    )


def local_quota(key: Key, use: LocalUse, reading: Reading) -> KeyQuota:
    """Put together what raxdash itself ran with a key in the quota day and the month."""
    now, limits, rate = reading.now, key.limits(), Burn(use.hour.tokens)
    room, sent = _live(key, reading)
    return KeyQuota(
        key,
        reading.meters.get(key.pk),
        gauge(known(use.today.tokens), limits.tokens_per_day, reading.day, now, rate),
        known(use.today.requests),
        gauge(known(use.month.tokens), limits.tokens_per_period, reading.month, now, rate),
        known(use.month.requests),
        room,
        sent,
        is_local=True,
        estimated=use.month.estimated,
    )


def _period(meter: Meter | None, limit: int | None, rate: Burn | None, now: datetime) -> Gauge | None:
    """The gauge of the billing period that was told last; None before one was."""
    if meter is None or meter.period_start is None:
        return None
    used = certainty.of_period(TOKENS, meter, now)
    return gauge(used, limit, LimitPeriod(meter.period_start, meter.period_end), now, rate)


def _within(beginning: Beginning | None, day: LimitPeriod) -> datetime | None:
    return beginning.since if beginning and beginning.since > day.start else None


def _live(key: Key, reading: Reading) -> tuple[Headroom | None, int]:
    """The provider's last word on limits, and what raxdash sent in the last minute."""
    sample, window = reading.samples.get(key.pk), reading.windows.get(key.pk)
    room = headroom(sample, reading.now) if sample else None
    return room, window.requests_by(reading.now) if window else 0
