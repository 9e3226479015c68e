"""Which keys the quota page shows: one page of them, in groups, the nearest to the end of a limit first.

All state is in the address: `q` (part of a name, owner, project or label), `sort` and `page`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import NullIf

from common.database.together import Reading, ask, read, side_by_side
from common.filters import Search, order
from common.lists import ListAddress, ListPage
from teams.models import Key, Team
from teams.models.keys import BY_NAME
from usage.quota.day import quota_day
from usage.quota.key_quota import KeyQuota, key_quotas
from usage.quota.nearness import Group, is_near, runs_out, with_group, with_share

PER_PAGE = 25
# So many of those that run out are looked at: what the polls told may not be true any more.
MOST_ENDING = 3
SEARCH = Search("q", "Name, owner, project or label")
ORDER = order(
    ("nearest", "Nearest to a limit"), ("name", "By name"), ("owner", "By owner"), ("project", "By project")
)
# What ends soonest comes first, then what has used most of its limit.
NEAREST = F("soonest").asc(nulls_last=True), F("share").desc(nulls_last=True)
# By name those of one owner or project; keys without any come last.
ORDERS: Mapping[str, Sequence[Any]] = {
    "nearest": NEAREST,
    "name": (),
    "owner": (F("owner__name").asc(nulls_last=True), F("owner__email").asc(nulls_last=True)),
    "project": (NullIf("project", Value("")).asc(nulls_last=True),),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a team's keys, annotated with their group, share and end. `count` match the search, so many
    of them in each of the `groups`; `near` have used 80 % of a limit. Of all keys of the team `ending` use
    one up before it begins anew; the first of them are `first_ending`.
    """

    page: ListPage[Any]
    keys: Sequence[Any]
    count: int
    near: int
    ending: int
    groups: Mapping[Group, int]
    first_ending: Sequence[Any] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether the page shows all keys of the team."""
        return not self.page.has_other_pages() and not self.page.address.is_filtered


@dataclass(frozen=True, slots=True)
class QuotaList:
    """The quotas of one page of keys, beside what the list says of all of them."""

    keys: list[KeyQuota]
    page: ListPage[Any]
    count: int
    near: int


def reading_listed(team: Team, query: Mapping[str, str], now: datetime) -> Reading[Listed]:
    """Read the address, and the keys that it shows; two steps, however many keys there are."""
    address, today = ListAddress(query, SEARCH, order=ORDER), quota_day(now, team.quota_zone).start
    keys, ending = in_use(team, now, address["q"]), in_use(team, now).filter(runs_out(today, now))
    counts, ends, first = yield from side_by_side(
        ask(_counts(keys, near=is_near(today))),
        ask(_counts(ending)),
        ask(ending.order_by("soonest", *BY_NAME).select_related("owner")[:MOST_ENDING]),
    )
    sums = counts[0] if counts else Counter()
    rows = keys.order_by("group", *ORDERS[address["sort"]], *BY_NAME).select_related("owner")
    page = address.page_of(rows, PER_PAGE, count=sums["count"])
    shown = yield from ask(rows[max(page.start_index() - 1, 0) : page.end_index()])
    groups = {group: sums[group.name] for group in Group}
    return Listed(page, shown, sums["count"], sums["near"], ends[0]["count"] if ends else 0, groups, first)


def _counts(keys: QuerySet[Any], **conditions: Q) -> QuerySet[Any, Any]:
    """How many keys there are, of each group, and with some conditions: one row, none where there is none."""
    asked = {group.name: Q(group=group) for group in Group} | conditions
    counts = {name: Count("pk", filter=condition) for name, condition in asked.items()}
    return keys.order_by().values(one=Value(1)).annotate(count=Count("pk"), **counts)


def in_use(team: Team, now: datetime, words: str = "") -> QuerySet[Any]:
    """The team's keys that are not retired, with some words, annotated with where they stand."""
    keys = Key.objects.for_team(team).exclude(status=Key.Status.RETIRED).matching(words)
    today = quota_day(now, team.quota_zone).start
    return with_group(with_share(keys.defer("ciphertext")), today, now)


def quota_list(team: Team, query: Mapping[str, str], now: datetime) -> QuotaList:
    """Read the address, and the quotas of the keys it shows; a few queries, however many keys there are."""
    found = read(reading_listed(team, query, now))
    return QuotaList(key_quotas(team, found.keys, now), found.page, found.count, found.near)
