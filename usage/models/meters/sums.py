"""Meters in sums: the rows that `Facts` are made of, added up by the database."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, When

from usage.ledger import COST, REQUESTS, TOKENS
from usage.ledger.words import AFTER_COST
from usage.models.meters import lateness, troubles
from usage.models.prices import Price

# Of a meter that tells a cost: as a range, for which there is an index; most have none.
COSTING = {"series__metric__gte": COST, "series__metric__lt": AFTER_COST}


def in_sums(meters: QuerySet[Any], now: datetime, behind: Q, **groups: Any) -> Any:
    """The rows that facts of some meters are made of, apart by when these were watched, and by groups;
    `behind` is the condition of those that were not asked since somebody wanted it.
    """
    polled = Q(status=troubles.ACTIVE) & lateness.has_usable_key()
    until = Case(When(lateness.is_watched(), then=None), default=F("watched_until"))
    late = lateness.is_watched() & lateness.is_late(now)
    every = meters.model._default_manager
    tells_cost = every.filter(pk=OuterRef("pk"), **COSTING)
    # Of the team, not of each meter: it is looked for once.
    prices = Price.objects.amounts().filter(team=OuterRef("team"))
    # Of hardly any meter: which ones is asked once.
    parts = apps.get_model("usage", "Period").objects.parted()
    alike = meters.order_by().annotate(until=until, **groups).values(*groups, "watched_from", "until")
    return alike.annotate(
        count=Count("pk"),
        told=Count("watched_until"),
        polled=Count("pk", filter=polled),
        behind=Count("pk", filter=polled & behind),
        expected=Count("pk", filter=polled & ~troubles.is_troubled()),
        troubled=Count("pk", filter=troubles.is_troubled()),
        inexact=Count("pk", filter=Q(is_exact=False)),
        held=Count("pk", filter=Q(is_held=True)),
        partly_read=Count("pk", filter=troubles.is_partly_read()),
        untold_tokens=Count("pk", filter=Q(untold=TOKENS)),
        untold_requests=Count("pk", filter=Q(untold=REQUESTS)),
        late=Count("watched_until", filter=late),
        ended=Count("watched_until", filter=lateness.has_ended()),
        unmetered=Count("pk", filter=Q(status=lateness.NO_USAGE)),
        fallen=Count("pk", filter=troubles.has_fallen()),
        costing=Count("pk", filter=Exists(tells_cost)),
        priced=Exists(prices),
        parted=Count("pk", filter=Q(pk__in=parts.values("meter"))),
        as_of=Min(lateness.told_until(), filter=lateness.is_watched() & ~late),
        late_since=Min(lateness.told_until(), filter=late),
        last_answer=Max("watched_until"),
        most_ahead=Max("clock_difference", filter=polled),
        most_behind=Min("clock_difference", filter=polled),
        days_zone=Max("team__calendar__time_zone", filter=Q(team__calendar__is_complete=True)),
    )
