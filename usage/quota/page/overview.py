"""The quota page as it is read: one page of rows in groups, and what runs out first, in a few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.database.together import Reading as Steps
from common.database.together import read, side_by_side
from common.lists import ListPage
from teams.models import Key, Team
from usage.ledger import TOKENS
from usage.quota.forecast.reading import Foreseen, reading_foreseen
from usage.quota.key_quota import KeyQuota, quotas_of
from usage.quota.listing import MOST_ENDING, Listed, reading_listed
from usage.quota.nearness import Group
from usage.quota.page.alarm import Alarm, alarm_of
from usage.quota.page.companions import Companions, reading_companions
from usage.quota.page.days import PastDays, reading_past_days
from usage.quota.page.detail import Detail, detail_of, reading_parts
from usage.quota.page.endings import Nearest, nearest, runs_out
from usage.quota.page.rows import ALONE, Row, going_on, strip_of
from usage.quota.reading import Reading

type Pair = tuple[KeyQuota, Nearest]


@dataclass(frozen=True, slots=True)
class _Known:
    """The quotas of some keys, with their nearest limits, last thirty days and companions."""

    pairs: Sequence[Pair]
    past: PastDays
    companions: Mapping[UUID, Companions]


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
    """One page of keys in groups; what the list says of all of them is in `found`. The `alarm` is of the key
    of the team that runs out first, wherever it stands.
    """

    found: Listed
    groups: Sequence[RowGroup]
    alarm: Alarm | None = None

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
    return read(reading_overview(team, query, now))


def reading_overview(team: Team, query: Mapping[str, str], now: datetime) -> Steps[Overview]:
    """The same as a reading; eight steps at most, however many keys there are."""
    found = yield from reading_listed(team, query, now)
    others = [key for key in found.first_ending if key not in found.keys]
    known = yield from _known(team, [*found.keys, *others], now)
    # Where one page shows all keys, what is known of them now decides which runs out first.
    shown = len(found.keys)
    ids = {key.pk for key in (found.keys if found.is_whole else found.first_ending)}
    ending = _first_to_end([pair for pair in known.pairs if pair[0].key.pk in ids], now)
    rows, parts = yield from side_by_side(
        _rows(team, known, now), side_by_side(*(reading_parts(team, *each, now) for each in ending))
    )
    alarm = alarm_of(
        team,
        [row for row in rows if row.key.pk in ids],
        {quota.key.pk: part for (quota, *_), part in zip(ending, parts, strict=True)},
        None if found.is_whole else found.ending,
    )
    return Overview(found, _groups(found, rows[:shown]), alarm)


def _first_to_end(pairs: Sequence[Pair], now: datetime) -> list[tuple[KeyQuota, Nearest, datetime]]:
    """Those of which a limit ends first, and since when they are to be looked at: since today began."""
    ends = ((runs_out(quota, limit, now), quota, limit) for quota, limit in pairs)
    found = sorted((each for each in ends if each[0] is not None), key=lambda each: each[0] or now)
    return [(quota, limit, quota.today.starts_at) for _, quota, limit in found[:MOST_ENDING]]


def detail(team: Team, key: Key, now: datetime) -> Detail:
    """Read what is known of one key's limits; a few queries."""
    return read(_detail(team, key, now))


def _detail(team: Team, key: Key, now: datetime) -> Steps[Detail]:
    known = yield from _known(team, [key], now)
    (row,), parts = yield from side_by_side(
        _rows(team, known, now), reading_parts(team, *known.pairs[0], known.past.month.days[0].start, now)
    )
    return detail_of(team, row, parts)


def _known(team: Team, keys: Sequence[Key], now: datetime) -> Steps[_Known]:
    """What is known of some keys now, and of their last thirty days; four steps at most."""
    reading, past, companions = yield from side_by_side(
        Reading.reading(team, keys, now), reading_past_days(team, keys, now), reading_companions(team)
    )
    return _Known([(quota, nearest(quota, now)) for quota in quotas_of(reading, keys)], past, companions)


def _rows(team: Team, known: _Known, now: datetime) -> Steps[list[Row]]:
    """Some keys as rows, with their forecasts; two steps."""
    # Keys of one account may be nearest to the limits of different spans.
    pairs = known.pairs
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
            strip_of(quota, known.past),
            _found(days if limit.is_day else periods, quota),
            known.companions.get(quota.key.pk, ALONE),
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
