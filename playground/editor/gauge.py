"""What the chosen key has left of its limit, for a small gauge beside the next message."""

from dataclasses import dataclass
from datetime import datetime

from teams.models import Key, Team
from usage.quota.gauges import Gauge
from usage.quota.key_quota import KeyQuota, key_quotas


@dataclass(frozen=True, slots=True)
class KeyGauge:
    """The limit of a key of which least is left: `left` tokens of `limit`, of the day (`is_day`) or the
    billing period; None where that is not known, at most so much where it is not exact.
    """

    limit: int
    left: int | None
    is_day: bool
    is_exact: bool

    @property
    def used(self) -> int:
        """How much of it is used."""
        return self.limit - (self.left or 0)


def key_gauge(team: Team, key: Key, now: datetime) -> KeyGauge | None:
    """The gauge of a key; None where no limit of tokens counts."""
    (quota,) = key_quotas(team, [key], now)
    gauges = [
        _of(gauge, quota, is_day=is_day)
        for gauge, is_day in ((quota.today, True), (quota.period, False))
        if gauge is not None and gauge.limit
    ]
    # Where as little is left of both, the period's begins anew last.
    return min(gauges, key=lambda gauge: (gauge.left is None, gauge.left or 0, gauge.is_day), default=None)


def _of(gauge: Gauge, quota: KeyQuota, *, is_day: bool) -> KeyGauge:
    limit, left = gauge.limit or 0, None
    if not gauge.used.is_unknown:
        left = max((gauge.left or 0) - quota.own_since, 0)
    is_exact = gauge.used.is_known and not quota.is_local and not quota.own_since
    return KeyGauge(limit, left, is_day, is_exact)
