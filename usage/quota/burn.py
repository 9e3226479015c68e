"""How fast a limit is used up, as far as that is certain: by the use of the last hour. Pure functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from usage.ledger import TOKENS
from usage.ledger.grid import QUARTER
from usage.ledger.words import microseconds, moment
from usage.models import Meter
from usage.quota.use import Use
from usage.quota.watch import Beginning, has_ended, is_late, seen_until

HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Burn:
    """Tokens an hour. With `is_least` a part of the hour was not seen and may hold more; where that is
    because watching has just begun, or begun again, `since` is when it did.
    """

    per_hour: int
    is_least: bool = False
    since: datetime | None = None


def hour_before(now: datetime) -> datetime:
    """The quarter of an hour on which the last hour begins: rollups know no instant between."""
    return moment(microseconds(now - HOUR) // QUARTER * QUARTER)


def burn(use: Use, meter: Meter, beginning: Beginning | None, now: datetime) -> Burn | None:
    """The burn of a meter by its use since `hour_before(now)`; None where nothing is certain.

    What was used before watching began is none. An hour that was not all seen is taken for a whole one.
    """
    until = seen_until(meter)
    if until is None:
        return None
    since, amount = use.certain_since(TOKENS, hour_before(now)), use.certain[TOKENS]
    if beginning and beginning.since > hour_before(now):
        since, amount = beginning.since, beginning.after[TOKENS]
    if until <= since:
        return None
    is_untold = is_late(meter, now) or has_ended(meter, now)
    length = (now if is_untold else until) - since
    is_young = since > now - HOUR
    is_least = is_untold or is_young or use.seen(TOKENS) < length
    if amount < 0 or (is_least and not amount):
        return None
    per_hour = amount if is_young else amount * (HOUR // MICROSECOND) // (length // MICROSECOND)
    return Burn(per_hour, is_least, since if is_young else None)
