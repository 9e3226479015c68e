"""What the books know of some keys at one moment, in a few queries however many keys there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from common.database import together
from teams.models import Key, Team
from usage.ledger import TOKENS
from usage.models import LimiterWindow, Meter, RateSample
from usage.quota.burn import hour_before
from usage.quota.day import LimitPeriod, QuotaDay, quota_day, quota_month
from usage.quota.local import LocalUse, is_untold, local_use
from usage.quota.use import OwnTokens, Use, Uses, reading_meters, reading_own_tokens, used_since_each
from usage.quota.watch import Beginning, beginnings, seen_until


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that quotas are made of, by key or meter; `local` has the keys that only raxdash counts."""

    now: datetime
    day: QuotaDay
    month: LimitPeriod
    meters: Mapping[UUID, Meter]
    today: Uses
    hour: Uses
    beginnings: Mapping[int, Beginning]
    own: Mapping[UUID, OwnTokens]
    local: Mapping[UUID, LocalUse]
    samples: Mapping[UUID, RateSample]
    windows: Mapping[UUID, LimiterWindow]

    @classmethod
    def of(cls, team: Team, keys: Sequence[Key], now: datetime) -> Self:
        """Read what is known of these keys of a team."""
        return together.read(cls.reading(team, keys, now))

    @classmethod
    def reading(cls, team: Team, keys: Sequence[Key], now: datetime) -> together.Reading[Self]:
        """The same as a reading; four steps at most."""
        day, month = quota_day(now, team.quota_zone), quota_month(now, team.quota_zone)
        meters, own, (samples, windows) = yield from together.side_by_side(
            reading_meters(keys), reading_own_tokens(keys, day.start), _live([key.pk for key in keys])
        )
        alone = [key for key in keys if _is_local(meters.get(key.pk), day)]
        (today, hour), local = yield from together.side_by_side(
            used_since_each(meters.values(), (day.start, hour_before(now)), now),
            local_use(alone, day, month, now),
        )
        begun = yield from reading_beginnings(meters.values(), (day.start, today), (hour_before(now), hour))
        return cls(now, day, month, meters, today, hour, begun, own, local, samples, windows)

    def use_of(self, meter: Meter | None) -> tuple[Use, Use]:
        """What a meter used in the quota day, and in the last hour."""
        pk = meter.pk if meter else 0
        return self.today.get(pk, Use()), self.hour.get(pk, Use())


def _live(ids: Sequence[UUID]) -> together.Reading[tuple[dict[UUID, RateSample], dict[UUID, LimiterWindow]]]:
    """What was last said of the limits of keys, and what raxdash sent. One step."""
    some = Key.objects.filter(pk__in=ids).defer("ciphertext").select_related("rate_sample", "limiter")
    keys = yield from together.ask(some)
    return (
        {key.pk: key.rate_sample for key in keys if hasattr(key, "rate_sample")},
        {key.pk: key.limiter for key in keys if hasattr(key, "limiter")},
    )


def reading_beginnings(
    meters: Iterable[Meter], *uses: tuple[datetime, Uses]
) -> together.Reading[dict[int, Beginning]]:
    """The beginnings that lie within the time of some uses: only meters that were not seen all of it are
    looked at, so as a rule none.
    """
    since, widest = min(uses, key=lambda use: use[0])
    unseen = {
        meter.pk
        for meter in meters
        if (until := seen_until(meter)) and widest[meter.pk].seen(TOKENS) < until - since
    }
    return (yield from beginnings(unseen, since)) if unseen else {}


def _is_local(meter: Meter | None, day: LimitPeriod) -> bool:
    """Tell whether only raxdash knows what was used today: the server tells no usage, or no more."""
    return meter is not None and meter.status == Meter.Status.NO_USAGE and is_untold(meter, day)
