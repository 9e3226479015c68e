"""The quota page as it is read: one page of rows in groups, in a few queries however many keys there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.lists import ListPage
from common.together import Reading as Steps
from common.together import read, side_by_side
from teams.models import Key, Team
from usage.ledger import TOKENS
from usage.quota.forecast.reading import Foreseen, reading_foreseen
from usage.quota.key_quota import KeyQuota, quotas_of
from usage.quota.listing import Listed, listed
from usage.quota.nearness import Group
from usage.quota.page.days import PastDays, reading_past_days
from usage.quota.page.endings import nearest
from usage.quota.page.rows import Row, going_on, strip_of
from usage.quota.reading import Reading


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The rows of a page that are in one group, of so many on all pages."""

    group: Group
    count: int
    rows: Sequence[Row]

    @property
    def is_fine(self) -> bool:
        """Tell whether nothing needs a look."""
        return self.group == Group.FINE


@dataclass(frozen=True, slots=True)
class Overview:
    """One page of keys in groups; what the list says of all of them is in `found`."""

    found: Listed
    groups: Sequence[RowGroup]

    @property
    def page(self) -> ListPage[Any]:
        """The page of the list, with the ways to those beside it."""
        return self.found.page

    @property
    def as_of(self) -> datetime | None:
        """When the newest number of the page was told."""
        return max((row.quota.as_of for row in self.rows if row.quota.as_of), default=None)

    @property
    def rows(self) -> list[Row]:
        """All rows of the page."""
        return [row for group in self.groups for row in group.rows]


def overview(team: Team, query: Mapping[str, str], now: datetime) -> Overview:
    """Read the address, and all that the page says of the keys it shows."""
    found = listed(team, query, now)
    rows = read(reading_rows(team, found.keys, now))
    return Overview(found, _groups(found, rows))


def reading_rows(team: Team, keys: Sequence[Key], now: datetime) -> Steps[list[Row]]:
    """Some keys as rows, in their order; a few steps."""
    reading, past = yield from side_by_side(
        Reading.reading(team, keys, now), reading_past_days(team, keys, now)
    )
    return (yield from _rows(team, quotas_of(reading, keys), past, now))


def _rows(team: Team, quotas: Sequence[KeyQuota], past: PastDays, now: datetime) -> Steps[list[Row]]:
    pairs = [(quota, nearest(quota, now)) for quota in quotas]
    # Keys of one account may be nearest to the limits of different spans.
    days, periods = yield from side_by_side(
        *(
            reading_foreseen(team, TOKENS, going_on(pair for pair in pairs if pair[1].is_day == is_day), now)
            for is_day in (True, False)
        )
    )
    return [
        Row(
            now,
            quota,
            limit,
            strip_of(quota, past),
            _found(days if limit.is_day else periods, quota),
        )
        for quota, limit in pairs
    ]


def _found(foreseen: Mapping[int, Foreseen], quota: KeyQuota) -> Foreseen | None:
    return foreseen.get(quota.meter.pk) if quota.meter else None


def _groups(found: Listed, rows: Sequence[Row]) -> list[RowGroup]:
    """The rows of a page in their groups.

    Where one page shows all keys, what is known of each at this moment decides; else what the polls told
    last, as it does for the keys of all other pages.
    """
    if found.page.has_other_pages():
        groups = {id(row): Group(key.group) for row, key in zip(rows, found.keys, strict=True)}
        counts: Mapping[Group, int] = found.groups
    else:
        groups = {id(row): row.group for row in rows}
        counts = {group: sum(each == group for each in groups.values()) for group in Group}
        if found.page.address["sort"] == "nearest":
            rows = sorted(rows, key=lambda row: row.order)
    parts = {group: [row for row in rows if groups[id(row)] == group] for group in Group}
    return [RowGroup(group, counts[group], part) for group, part in parts.items() if part]
