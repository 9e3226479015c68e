"""Since when a meter is watched, and whether polls were missed: what makes a number a lower bound."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from common.database.together import Reading, ask
from usage.ledger import Quality
from usage.ledger.words import microseconds, moment
from usage.models import Knot, Meter
from usage.models.meters.lateness import meter_has_ended, meter_is_late


@dataclass(frozen=True, slots=True)
class Beginning:
    """A meter is watched since `since`: `before`, used from `start` to then, was told at once by its first
    answer; `after` was used since. Both are {metric: amount}.
    """

    start: datetime
    since: datetime
    before: Counter[str]
    after: Counter[str]


def beginnings(meter_ids: Iterable[int], later_than: datetime) -> Reading[dict[int, Beginning]]:
    """{meter id: its beginning} of those that are watched since later than that; two steps at most."""
    knots = Knot.objects.filter(meter__in=meter_ids, at__gt=microseconds(later_than))
    first_told = knots.filter(quality=Quality.BEFORE_WATCHING).order_by("at")
    firsts = {knot.meter_id: knot for knot in (yield from ask(first_told))}
    lasts = (yield from ask(_last_of(firsts))) if firsts else ()
    return {last.meter_id: _beginning(firsts[last.meter_id], last) for last in lasts}


def _last_of(meter_ids: Iterable[int]) -> QuerySet[Knot]:
    newest = Knot.objects.filter(meter=OuterRef("pk")).order_by("-at")
    ids = Meter.objects.filter(pk__in=meter_ids).annotate(newest=Subquery(newest.values("pk")[:1]))
    return Knot.objects.filter(pk__in=ids.values("newest"))


def _beginning(first: Knot, last: Knot) -> Beginning:
    before, now = _totals(first), _totals(last)
    after = Counter({metric: now[metric] - before[metric] for metric in now})
    return Beginning(moment(first.period_start), moment(first.at), before, after)


def _totals(knot: Knot) -> Counter[str]:
    return Counter({metric: sum(models.values()) for metric, models in knot.values.items()})


def seen_until(meter: Meter) -> datetime | None:
    """Until when a meter told its usage: a counter speaks of its own period only, whenever it is asked."""
    if meter.watched_until is None or meter.period_end is None:
        return meter.watched_until
    return min(meter.watched_until, meter.period_end)


def is_late(meter: Meter, now: datetime) -> bool:
    """Tell whether polls since the last that told something were missed; before one did, none was."""
    return meter.watched_until is not None and meter_is_late(meter, now)


def has_ended(meter: Meter, now: datetime) -> bool:
    """Tell whether the newest billing period that was told is over: the provider goes on telling it, or has
    not been heard since.
    """
    is_over = meter.period_end is not None and meter.period_end <= now
    return is_over and (meter_has_ended(meter) or is_late(meter, now))
