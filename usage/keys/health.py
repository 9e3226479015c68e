"""How each key of a page is doing, in a few queries however many keys there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common.database.together import Reading as Steps
from common.database.together import side_by_side
from teams.models import Key, Team
from usage.claims import UNKNOWN, Amount, total
from usage.keys.states import State
from usage.keys.users import OwnRuns, Users, reading_own_runs
from usage.models import Meter
from usage.quota.gauges import Gauge
from usage.quota.key_quota import KeyQuota, quotas_of
from usage.quota.page.days import Month, PastDays, reading_past_days
from usage.quota.page.rows import strip_of
from usage.quota.page.strips import Strip
from usage.quota.reading import Reading

DAYS = 14


@dataclass(frozen=True, slots=True)
class Health:
    """A key with when it was polled, what is wrong, what it used, and who used it in the last days."""

    key: Key
    state: State
    quota: KeyQuota
    strip: Strip
    users: Users

    @property
    def meter(self) -> Meter | None:
        """The meter that counts its account."""
        return self.quota.meter

    @property
    def counted_with(self) -> str:
        """The name of the key with which it is counted; empty where it is counted for itself."""
        # Annotated, as the state is.
        return str(self.key.counted_with)  # type: ignore[attr-defined]

    @property
    def polled_at(self) -> datetime | None:
        """When it was polled last, with success or without."""
        return (self.meter.asked_at or self.meter.answered_at) if self.meter else None

    @property
    def answered_at(self) -> datetime | None:
        """When it last told its usage; None where the last poll did."""
        found = self.meter.answered_at if self.meter else None
        return found if found != self.polled_at else None

    @property
    def error(self) -> str:
        """What the last poll, or the last use, failed of, in words; empty where it did not."""
        if self.key.status == Key.Status.REFUSED:
            return self.key.status_reason or "The provider refuses this key."
        is_told = self.meter is not None and self.state not in {State.NO_USAGE, State.RETIRED}
        return self.meter.last_error if self.meter and is_told else ""

    @property
    def since(self) -> datetime | None:
        """Since when: a refusal since it was said first, all else since the first poll that failed."""
        refused_at = self.key.refused_at if self.key.status == Key.Status.REFUSED else None
        return refused_at or (self.meter.failing_since if self.meter else None)

    @property
    def has_ended(self) -> bool:
        """Tell whether the provider goes on telling a period that is over, though its polls are answered."""
        return self.quota.has_ended and not self.error

    @property
    def gauges(self) -> list[tuple[str, Gauge | None, Amount]]:
        """(of what, gauge, amount) of the quota day and of the billing period."""
        period = self.quota.period
        return [
            ("Today", self.quota.today, self.quota.today.used),
            ("Period", period, period.used if period else UNKNOWN),
        ]


def reading_health(team: Team, keys: Sequence[Key], now: datetime) -> Steps[list[Health]]:
    """Read how some keys of a team, annotated with their state, are doing; four steps at most."""
    since = Month.of(team.quota_zone, now, DAYS).days[0].start
    known_now, past, own = yield from side_by_side(
        Reading.reading(team, keys, now),
        reading_past_days(team, keys, now, DAYS),
        reading_own_runs(keys, since),
    )
    return [_health(quota, past, own) for quota in quotas_of(known_now, keys)]


def _health(quota: KeyQuota, past: PastDays, own: OwnRuns) -> Health:
    strip, key, meter = strip_of(quota, past), quota.key, quota.meter
    told = None if quota.is_local else total(day.used for day in strip.days)
    return Health(key, State(key.state), quota, strip, own.users(key, meter, told))  # type: ignore[attr-defined]
