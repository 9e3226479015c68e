"""Meters in sums: the rows that `Facts` are made of, added up by the database."""

from typing import Any

from django.apps import apps
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, When

from common.clock import Instant
from usage.ledger import COST
from usage.ledger.words import AFTER_COST
from usage.models.meters import lateness, troubles
from usage.models.prices import Price

# Of a meter that tells a cost: as a range, for which there is an index; most have none.
COSTING = {"metric__gte": COST, "metric__lt": AFTER_COST}
# The team of each meter itself.
OWN = OuterRef("team")


def in_sums(meters: QuerySet[Any], now: Instant, behind: Q, team: Any = OWN, **groups: Any) -> Any:
    """The rows that facts of some meters are made of: meters of which all the same is told are one row, apart
    by groups. `behind` is the condition of those that were not asked since somebody wanted it. Who knows
    whose `team` they are says so: then its prices are looked for once.
    """
    until = Case(When(lateness.is_watched(), then=None), default=F("watched_until"))
    # Asked once of each meter; how many there are of which is summed up from the rows.
    asked = {name: Case(When(matter, then=True), default=False) for name, matter in _matters(now).items()}
    asked["behind"] = Case(When(behind, then=True), default=False)
    apart = (*groups, "watched_from", "until", "is_exact", "is_held", "untold", *asked, "priced")
    prices = Price.objects.amounts().filter(team=team)
    alike = meters.order_by().annotate(until=until, priced=Exists(prices), **asked, **groups)
    return alike.values(*apart).annotate(
        count=Count("pk"),
        told=Count("watched_until"),
        first_told=Min(lateness.told_until()),
        last_answer=Max("watched_until"),
        most_ahead=Max("clock_difference"),
        most_behind=Min("clock_difference"),
        days_zone=Max("team__calendar__time_zone", filter=Q(team__calendar__is_complete=True)),
    )


def _matters(now: Instant) -> dict[str, Q]:
    """What may be so of a meter, or be the matter with it."""
    # Of hardly any meter: which ones is asked once.
    parts = apps.get_model("usage", "Period").objects.parted()
    tells_cost = apps.get_model("usage", "Series").objects.filter(meter=OuterRef("pk"), **COSTING)
    return {
        "polled": Q(status=troubles.ACTIVE) & lateness.has_usable_key(),
        "watched": lateness.is_watched(),
        "late": lateness.is_late(now),
        "ended": lateness.has_ended(),
        "troubled": troubles.is_troubled(),
        "partly_read": troubles.is_partly_read(),
        "unmetered": Q(status=lateness.NO_USAGE),
        "fallen": troubles.has_fallen(),
        "parted": Q(pk__in=parts.values("meter")),
        "costing": Q(Exists(tells_cost)),
    }
