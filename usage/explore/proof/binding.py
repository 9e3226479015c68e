"""What binds whoever spends with some keys: the keys' own limits and the provider's, the tightest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from teams.models import Key
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.forecast import NoForecast
from usage.quota.forecast.reading import GoingOn
from usage.quota.gauges import Gauge
from usage.quota.key_quota import KeyQuota

# What is foreseen of the billing periods of meters, by id.
type Foreseen = Mapping[int, Forecast | NoForecast]

PLAN, PROVIDER = "the key's plan", "the provider's last answer"


@dataclass(frozen=True, slots=True)
class Binding:
    """One limit of one key. `left` is what may still be used, at most where `is_latest`; None where nothing
    is known of its use. `ends_at` is when it is used up, a day's at the pace of the last hour and a period's
    by its forecast; None where it lasts until its reset, or nobody can say.
    """

    key: Key
    what: str
    whose: str
    limit: int
    left: int | None
    share: float | None
    ends_at: datetime | None
    resets_at: datetime | None
    is_latest: bool = False

    @property
    def is_used_up(self) -> bool:
        """Tell whether nothing is left."""
        return self.left == 0

    def order(self, now: datetime) -> tuple[bool, float, float]:
        """What is used up comes first, then what ends soonest, then what is used most; the unknown last."""
        until = (self.ends_at - now).total_seconds() if self.ends_at else float("inf")
        return not self.is_used_up, until, -(-1.0 if self.share is None else self.share)


def bindings(quotas: Iterable[KeyQuota], foreseen: Foreseen, now: datetime) -> list[Binding]:
    """All limits of some keys, the tightest first; `foreseen` is what is told of periods `going_on`."""
    found = [limit for quota in quotas for limit in (*_of_plan(quota, foreseen), *_of_provider(quota))]
    return sorted(found, key=lambda limit: limit.order(now))


def going_on(quotas: Iterable[KeyQuota]) -> dict[int, GoingOn]:
    """The billing periods with a limit whose end can be foreseen, by meter."""
    return {
        quota.meter.pk: GoingOn(period.starts_at, period.resets_at, period.used.certain)
        for quota in quotas
        if quota.meter and (period := quota.period) and _is_foreseeable(quota, period)
    }


def _is_foreseeable(quota: KeyQuota, period: Gauge) -> bool:
    is_told = not (period.used.is_unknown or quota.is_local or quota.has_ended)
    return is_told and period.limit is not None


def _of_plan(quota: KeyQuota, foreseen: Foreseen) -> Iterator[Binding]:
    if quota.today.limit is not None:
        yield _gauge(quota.key, "tokens today", quota.today, quota.today.exhausted_at)
    if (period := quota.period) and period.limit is not None:
        ends_at = period.exhausted_at if quota.is_local else _foreseen_end(quota, period.limit, foreseen)
        yield _gauge(quota.key, "tokens in the billing period", period, ends_at)
    if limit := quota.key.limits().requests_per_minute:
        left = max(limit - quota.own_requests, 0)
        # Others may send with the key too.
        yield Binding(
            quota.key,
            "requests a minute",
            PLAN,
            limit,
            left,
            quota.own_requests / limit,
            None,
            None,
            is_latest=True,
        )


def _foreseen_end(quota: KeyQuota, limit: int, foreseen: Foreseen) -> datetime | None:
    """When a period's limit is used up: the burn of one hour says nothing of the rest of a month."""
    found = foreseen.get(quota.meter.pk) if quota.meter else None
    return found.crossing(limit).likely if isinstance(found, Forecast) else None


def _gauge(key: Key, what: str, gauge: Gauge, ends_at: datetime | None) -> Binding:
    is_unknown = gauge.used.is_unknown
    return Binding(
        key,
        what,
        PLAN,
        gauge.limit or 0,
        None if is_unknown else gauge.left,
        None if is_unknown else gauge.share,
        ends_at,
        gauge.resets_at,
        gauge.is_latest,
    )


def _of_provider(quota: KeyQuota) -> Iterator[Binding]:
    """What the provider said in its last answer, while that says something of now."""
    if quota.headroom is None or not quota.headroom.is_current:
        return
    sample = quota.headroom.sample
    told = (
        ("requests right now", sample.requests_limit, sample.requests_remaining, sample.requests_reset_at),
        ("tokens right now", sample.tokens_limit, sample.tokens_remaining, sample.tokens_reset_at),
    )
    for what, limit, left, resets_at in told:
        if limit and left is not None:
            yield Binding(quota.key, what, PROVIDER, limit, left, 1 - left / limit, None, resets_at)
