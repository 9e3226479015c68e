"""Which keys the quota page shows: one page of them, those nearest to a limit first, found by words.

All state is in the address: `q` (part of a name, owner, project or label), `sort` and `page`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F

from common.filters import Search, order
from common.lists import ListAddress, ListPage
from teams.models import Key, Team
from teams.models.keys import BY_NAME
from usage.quota.key_quota import KeyQuota, key_quotas
from usage.quota.nearness import is_near, with_share

PER_PAGE = 20
SEARCH = Search("q", "Name, owner, project or label")
ORDER = order(("nearest", "Nearest to a limit"), ("name", "By name"))


@dataclass(frozen=True, slots=True)
class QuotaList:
    """One page of a team's keys. `count` match the search; `near` of them have used 80 % of a limit."""

    keys: list[KeyQuota]
    page: ListPage[Any]
    count: int
    near: int


def quota_list(team: Team, query: Mapping[str, str], now: datetime) -> QuotaList:
    """Read the address, and the quotas of the keys it shows; a few queries, however many keys there are."""
    address = ListAddress(query, SEARCH, order=ORDER)
    keys = Key.objects.for_team(team).exclude(status=Key.Status.RETIRED).matching(address["q"])
    keys = with_share(keys)
    counts = keys.aggregate(count=Count("pk"), near=Count("pk", filter=is_near(team, now)))
    nearest = [F("share").desc(nulls_last=True)] if address["sort"] == "nearest" else []
    page = address.page_of(keys.order_by(*nearest, *BY_NAME), PER_PAGE, count=counts["count"])
    return QuotaList(key_quotas(team, list(page), now), page, counts["count"], counts["near"])
