"""The audit trail as a page shows it: filtered by what its URL says."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils import timezone

from teams.models import AuditEntry, Team
from teams.models.audit import AuditQuerySet

PER_PAGE = 50
PERIODS = {"1": "24 hours", "7": "7 days", "30": "30 days", "90": "90 days", "": "All"}


class History:
    """A team's entries for `person` (a user's id), `deed` and `days` of a query; others are no filter."""

    def __init__(self, team: Team, query: Mapping[str, str]) -> None:
        self.team = team
        self.all = AuditEntry.objects.for_team(team)
        self.people, self.deeds = self._people(), self._deeds()
        self.person = self._known("person", query, {str(key) for key, _ in self.people})
        self.deed = self._known("deed", query, {key for key, _ in self.deeds})
        self.days = self._known("days", query, set(PERIODS))
        self.number = query.get("page", "1")

    @staticmethod
    def _known(name: str, query: Mapping[str, str], values: set[str]) -> str:
        value = query.get(name, "")
        return value if value in values else ""

    def _people(self) -> list[tuple[int, str]]:
        """Return who did something here and still has an account."""
        found = self.all.filter(actor__isnull=False).order_by("actor_name")
        return list(dict(found.values_list("actor", "actor_name").distinct()).items())

    def _deeds(self) -> list[tuple[str, str]]:
        """Return what was done here, in words."""
        return list(self.all.order_by("words").values_list("deed", "words").distinct())

    def periods(self) -> list[tuple[str, str]]:
        """Return the periods on offer."""
        return list(PERIODS.items())

    def entries(self) -> AuditQuerySet:
        """Return what the filters leave, newest first."""
        start = timezone.now() - timedelta(days=int(self.days)) if self.days else None
        chosen = {"actor": self.person, "deed": self.deed}
        return self.all.since(start).filter(**{name: value for name, value in chosen.items() if value})

    def page(self) -> Page[AuditEntry]:
        """Return the page that the query names; the nearest one where there is no such page."""
        return Paginator(self.entries(), PER_PAGE).get_page(self.number)

    def query(self) -> str:
        """Return the filters as the beginning of a query string, to which a page number is added."""
        given = {"person": self.person, "deed": self.deed, "days": self.days}
        return urlencode({name: value for name, value in given.items() if value} | {"page": ""})
