"""Which keys the quota page shows: one page of them, in groups, the nearest to the end of a limit first.

All state is in the address: `q` (part of a name, owner, project or label), `sort` and `page`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from common.filters import Search, order
from common.lists import ListAddress, ListPage
from teams.models import Key, Team
from teams.models.keys import BY_NAME
from usage.quota.key_quota import KeyQuota, key_quotas
from usage.quota.nearness import Group, is_near, runs_out, with_group, with_share

PER_PAGE = 25
SEARCH = Search("q", "Name, owner, project or label")
ORDER = order(("nearest", "Nearest to a limit"), ("name", "By name"))
# What ends soonest comes first, then what has used most of its limit.
NEAREST = F("soonest").asc(nulls_last=True), F("share").desc(nulls_last=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a team's keys, annotated with their group, share and end. `count` match the search, so many
    of them in each of the `groups`; `near` have used 80 % of a limit, `ending` use one up before it begins
    anew.
    """

    page: ListPage[Any]
    count: int
    near: int
    ending: int
    groups: Mapping[Group, int]

    @property
    def keys(self) -> Sequence[Any]:
        """The keys of the page."""
        return list(self.page.object_list)


@dataclass(frozen=True, slots=True)
class QuotaList:
    """The quotas of one page of keys, beside what the list says of all of them."""

    keys: list[KeyQuota]
    page: ListPage[Any]
    count: int
    near: int


def listed(team: Team, query: Mapping[str, str], now: datetime) -> Listed:
    """Read the address, and the keys that it shows; two queries, however many keys there are."""
    address = ListAddress(query, SEARCH, order=ORDER)
    keys = in_use(team, now, address["q"])
    counts = keys.aggregate(
        count=Count("pk"),
        near=Count("pk", filter=is_near(team, now)),
        ending=Count("pk", filter=runs_out(team, now)),
        **{group.name: Count("pk", filter=Q(group=group)) for group in Group},
    )
    nearest = NEAREST if address["sort"] == "nearest" else ()
    rows = keys.order_by("group", *nearest, *BY_NAME).select_related("owner")
    page = address.page_of(rows, PER_PAGE, count=counts["count"])
    groups = {group: counts[group.name] for group in Group}
    return Listed(page, counts["count"], counts["near"], counts["ending"], groups)


def in_use(team: Team, now: datetime, words: str = "") -> QuerySet[Any]:
    """The team's keys that are not retired, with some words, annotated with where they stand."""
    keys = Key.objects.for_team(team).exclude(status=Key.Status.RETIRED).matching(words)
    return with_group(with_share(keys.defer("ciphertext")), team, now)


def quota_list(team: Team, query: Mapping[str, str], now: datetime) -> QuotaList:
    """Read the address, and the quotas of the keys it shows; a few queries, however many keys there are."""
    found = listed(team, query, now)
    return QuotaList(key_quotas(team, found.keys, now), found.page, found.count, found.near)
