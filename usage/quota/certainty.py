"""What may be said of what a key used in its quota day and its billing period. Pure functions."""

from datetime import datetime, timedelta

from usage.claims import UNKNOWN, Amount, at_least, known
from usage.ledger import REQUESTS, TOKENS, Quality
from usage.models import Meter
from usage.quota.day import LimitPeriod
from usage.quota.use import Use
from usage.quota.watch import Beginning, has_ended, is_late, seen_until


def of_day(
    metric: str, use: Use, meter: Meter | None, beginning: Beginning | None, day: LimitPeriod, now: datetime
) -> Amount:
    """How much of a metric a meter used since its quota day began, when it used so much since then.

    What was used at an unknown hour, some of it before the day, counts as what may be of it.
    """
    until = seen_until(meter) if meter else None
    if meter is None or until is None or until <= day.start:
        return UNKNOWN
    certain, more, since = use.certain[metric], use.more[metric], day.start
    told_at_once = timedelta(microseconds=use.certain[Quality.BEFORE_WATCHING])
    if beginning and beginning.start < day.start < beginning.since:
        certain, more, since = beginning.after[metric], beginning.before[metric], beginning.since
        told_at_once = timedelta(0)
    is_all = use.seen(metric) + told_at_once >= until - since and meter.untold != metric
    # Of the time since a period that is over nothing is known.
    is_untold = is_late(meter, now) or has_ended(meter, now)
    return known(certain) if is_all and not is_untold and not more else at_least(certain, more)


def of_period(metric: str, meter: Meter, now: datetime) -> Amount:
    """How much of a metric a meter used in its open billing period, when the provider last told it."""
    amount = {TOKENS: meter.period_tokens, REQUESTS: meter.period_requests}[metric]
    if amount is None or has_ended(meter, now):
        return UNKNOWN
    is_least = is_late(meter, now) or meter.untold == metric or not meter.is_exact
    return at_least(amount) if is_least else known(amount)
