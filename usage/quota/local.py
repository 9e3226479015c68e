"""Keys whose server tells no usage, as far as raxdash knows them: by what it ran with them itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from common.database.together import Reading
from teams.models import Key
from usage.books.local_usage import LocalSum, local_sums
from usage.models import Meter
from usage.quota.burn import HOUR
from usage.quota.day import LimitPeriod
from usage.quota.watch import seen_until


@dataclass(frozen=True, slots=True)
class LocalUse:
    """What raxdash itself ran with a key in the quota day, in the month, and in the last hour."""

    today: LocalSum
    month: LocalSum
    hour: LocalSum

    def share(self, key: Key) -> float | None:
        """How much of its nearest limit the key has used by it; None without a limit."""
        limits = key.limits()
        pairs = (self.today.tokens, limits.tokens_per_day), (self.month.tokens, limits.tokens_per_period)
        return max((tokens / limit for tokens, limit in pairs if limit), default=None)


def is_untold(meter: Meter, day: LimitPeriod) -> bool:
    """Tell whether the provider has told nothing of the quota day."""
    until = seen_until(meter)
    return until is None or until <= day.start


def local_use(
    keys: Sequence[Key], day: LimitPeriod, month: LimitPeriod, now: datetime
) -> Reading[dict[UUID, LocalUse]]:
    """{key id: what raxdash ran with it}; one step, and none where there is no key."""
    if not keys:
        return {}
    sums = yield from local_sums(keys, (day.start, month.start, now - HOUR), now)
    return {key.pk: LocalUse(*(since.get(key.pk, LocalSum()) for since in sums)) for key in keys}
