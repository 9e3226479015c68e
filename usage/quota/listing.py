"""Which keys the quota page shows: one page of them, those nearest to a limit first, found by words.

All state is in the address: `q` (part of a name, owner, project or label), `sort` and `page`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Q, When
from django.db.models.functions import Coalesce

from common.filters import Search, order
from common.lists import ListAddress, ListPage
from teams.models import Key, Team
from teams.models.keys import BY_NAME
from usage.models import Meter
from usage.quota.day import quota_day
from usage.quota.key_quota import KeyQuota, key_quotas

PER_PAGE = 20
NEAR = 0.8
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
    # A key of a merged account stands where its account does.
    share = Coalesce("meter__merged_into__limit_share", "meter__limit_share")
    watched = Coalesce("meter__merged_into__watched_until", "meter__watched_until")
    # Where the server tells no usage, what raxdash ran was looked at when it was asked.
    told = Case(When(meter__status=Meter.Status.NO_USAGE, then="meter__asked_at"), default=watched)
    keys = keys.annotate(share=share, told=told)
    # What was told before the quota day says nothing of it.
    near = Q(share__gte=NEAR, told__gte=quota_day(now, team.quota_zone).start)
    counts = keys.aggregate(count=Count("pk"), near=Count("pk", filter=near))
    nearest = [F("share").desc(nulls_last=True)] if address["sort"] == "nearest" else []
    page = address.page_of(keys.order_by(*nearest, *BY_NAME), PER_PAGE, count=counts["count"])
    return QuotaList(key_quotas(team, list(page), now), page, counts["count"], counts["near"])
