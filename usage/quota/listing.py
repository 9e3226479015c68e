"""Which keys the quota page shows: one page of them, those nearest to a limit first, found by name.

All state is in the address: `q` (part of a name, project or owner), `sort` and `page`. Bad values become
defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, Lower

from teams.models import Key, Team
from usage.quota.day import quota_day
from usage.quota.key_quota import KeyQuota, key_quotas

PER_PAGE = 20
NEAR = 0.8
LONGEST_SEARCH = 80


class Order(StrEnum):
    """How keys are listed."""

    NEAREST = "nearest"
    NAME = "name"

    @property
    def label(self) -> str:
        """The words of its button."""
        return "Nearest to a limit" if self == Order.NEAREST else "By name"


@dataclass(frozen=True, slots=True)
class QuotaList:
    """One page of a team's keys. `count` match the search; `near` of them have used 80 % of a limit."""

    keys: list[KeyQuota]
    page: Page[Any]
    count: int
    near: int
    search: str
    order: Order

    @property
    def has_choice(self) -> bool:
        """Tell whether there is something to search or to turn."""
        return self.count > PER_PAGE or bool(self.search)

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """The switch of the order: label, query, and whether it is on."""
        return [(order.label, self._query(order=order), order == self.order) for order in Order]

    @property
    def previous(self) -> str:
        """The query of the page before, or nothing."""
        return self._query(page=self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next(self) -> str:
        """The query of the page after, or nothing."""
        return self._query(page=self.page.number + 1) if self.page.has_next() else ""

    def _query(self, order: Order | None = None, page: int = 1) -> str:
        order = order or self.order
        parts = {"q": self.search, "sort": "" if order == Order.NEAREST else order}
        parts["page"] = str(page) if page > 1 else ""
        return urlencode({name: value for name, value in parts.items() if value}) or "page=1"


def quota_list(team: Team, query: Mapping[str, str], now: datetime) -> QuotaList:
    """Read the address, and the quotas of the keys it shows; a few queries, however many keys there are."""
    search = query.get("q", "").strip()[:LONGEST_SEARCH]
    order = Order.NAME if query.get("sort") == Order.NAME else Order.NEAREST
    keys = Key.objects.for_team(team).exclude(status=Key.Status.RETIRED)
    if search:
        person = Q(owner__name__icontains=search) | Q(owner__email__icontains=search)
        keys = keys.filter(Q(name__icontains=search) | Q(project__icontains=search) | person)
    # A key of a merged account stands where its account does.
    share = Coalesce("meter__merged_into__limit_share", "meter__limit_share")
    told = Coalesce("meter__merged_into__watched_until", "meter__watched_until")
    keys = keys.annotate(share=share, told=told)
    # What was told before the quota day says nothing of it.
    near = Q(share__gte=NEAR, told__gte=quota_day(now, team.quota_zone).start)
    counts = keys.aggregate(count=Count("pk"), near=Count("pk", filter=near))
    by_name = Lower("name"), "pk"
    first = (F("share").desc(nulls_last=True), *by_name) if order == Order.NEAREST else by_name
    paginator = Paginator(keys.order_by(*first), PER_PAGE)
    paginator.count = counts["count"]  # known already
    page = paginator.get_page(query.get("page"))
    return QuotaList(key_quotas(team, list(page), now), page, counts["count"], counts["near"], search, order)
