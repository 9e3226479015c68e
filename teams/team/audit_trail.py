"""The audit trail as a page shows it: filtered by what its URL says."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone
from django.utils.text import capfirst

from common.filters import Choice, Options
from common.lists import ListAddress, ListPage
from teams.models import AuditEntry, Team
from teams.models.audit import AuditQuerySet

PER_PAGE = 50
PERIODS = [("1", "24 hours"), ("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("", "All")]


def history(team: Team, query: Mapping[str, str]) -> ListPage[AuditEntry]:
    """Return a page of the team's entries, newest first: those of a `person`, a `deed`, the last `days`."""
    trail = AuditEntry.objects.for_team(team)
    address = ListAddress(
        query,
        Choice("person", "Person", [("", "Everybody"), *people(trail)]),
        Choice("deed", "Deed", [("", "Everything"), *deeds(trail)]),
        Choice("days", "Period", PERIODS),
    )
    days = address["days"]
    start = timezone.now() - timedelta(days=int(days)) if days else None
    chosen = {"actor": address["person"], "deed": address["deed"]}
    entries = trail.since(start).filter(**{name: value for name, value in chosen.items() if value})
    return address.page_of(entries, PER_PAGE)


def people(trail: AuditQuerySet) -> Options:
    """Return who did something here and still has an account."""
    found = trail.filter(actor__isnull=False).order_by("actor_name").values_list("actor", "actor_name")
    return [(str(key), name) for key, name in dict(found.distinct()).items()]


def deeds(trail: AuditQuerySet) -> Options:
    """Return what was done here, in words."""
    found = trail.order_by("words").values_list("deed", "words").distinct()
    return [(deed, capfirst(words)) for deed, words in found]
