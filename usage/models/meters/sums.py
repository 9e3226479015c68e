"""Meters in sums: the rows that `Facts` are made of, added up by the database."""

from typing import Any

from django.apps import apps
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, When

from common.clock import Instant
from usage.ledger import COST, REQUESTS, TOKENS
from usage.ledger.words import AFTER_COST
from usage.models.meters import lateness, troubles
from usage.models.prices import Price

# Of a meter that tells a cost: as a range, for which there is an index; most have none.
COSTING = {"metric__gte": COST, "metric__lt": AFTER_COST}


def in_sums(meters: QuerySet[Any], now: Instant, behind: Q, **groups: Any) -> Any:
    """The rows that facts of some meters are made of, apart by when these were watched, and by groups;
    `behind` is the condition of those that were not asked since somebody wanted it.
    """
    polled = Q(status=troubles.ACTIVE) & lateness.has_usable_key()
    until = Case(When(lateness.is_watched(), then=None), default=F("watched_until"))
    late = lateness.is_watched() & lateness.is_late(now)
    alike = meters.order_by().annotate(until=until, **groups).values(*groups, "watched_from", "until")
    return alike.annotate(
        count=Count("pk"),
        told=Count("watched_until"),
        polled=Count("pk", filter=polled),
        behind=Count("pk", filter=polled & behind),
        expected=Count("pk", filter=polled & ~troubles.is_troubled()),
        late=Count("watched_until", filter=late),
        **_of_the_matter(),
        **_of_money(),
        as_of=Min(lateness.told_until(), filter=lateness.is_watched() & ~late),
        late_since=Min(lateness.told_until(), filter=late),
        last_answer=Max("watched_until"),
        most_ahead=Max("clock_difference", filter=polled),
        most_behind=Min("clock_difference", filter=polled),
        days_zone=Max("team__calendar__time_zone", filter=Q(team__calendar__is_complete=True)),
    )


def _of_the_matter() -> dict[str, Count]:
    """How many have what can be the matter with a meter."""
    # Of hardly any meter: which ones is asked once.
    parts = apps.get_model("usage", "Period").objects.parted()
    matters = {
        "troubled": troubles.is_troubled(),
        "inexact": Q(is_exact=False),
        "held": Q(is_held=True),
        "partly_read": troubles.is_partly_read(),
        "untold_tokens": Q(untold=TOKENS),
        "untold_requests": Q(untold=REQUESTS),
        "unmetered": Q(status=lateness.NO_USAGE),
        "fallen": troubles.has_fallen(),
        "parted": Q(pk__in=parts.values("meter")),
    }
    counts = {name: Count("pk", filter=matter) for name, matter in matters.items()}
    return {**counts, "ended": Count("watched_until", filter=lateness.has_ended())}


def _of_money() -> dict[str, Any]:
    """How many tell a cost, and whether their team has any price."""
    tells_cost = apps.get_model("usage", "Series").objects.filter(meter=OuterRef("pk"), **COSTING)
    # Of the team, not of each meter: it is looked for once.
    prices = Price.objects.amounts().filter(team=OuterRef("team"))
    return {"costing": Count("pk", filter=Exists(tells_cost)), "priced": Exists(prices)}
