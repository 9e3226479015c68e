"""What a team wrote down of its keys, day by day, read once for all the days that a page asks about."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from common.together import Reading, ask, read
from teams.models import KeyAttributes, Team

# Local days, both included.
type Days = tuple[date, date]


class Written(NamedTuple):
    """What is valid of a key from a day on, with one of its labels, if it has any."""

    key_id: UUID
    since: date
    owner_id: int | None
    owner_name: str
    project: str
    label_id: int | None
    label: str | None


class Attributes:
    """The attributes of a team's keys, read at once for all days that are looked at."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._read: Days | None = None
        self._rows: list[Written] = []

    def look_at(self, days: Sequence[Days]) -> Reading[None]:
        """Look up what is valid on some days. One step, none where it was looked up before."""
        first, last = min(since for since, _ in days), max(until for _, until in days)
        if self._read is None or first < self._read[0] or self._read[1] < last:
            rows = yield from ask(_rows(self._team, first, last))
            self._read, self._rows = (first, last), [Written(*row) for row in rows]

    def during(self, first: date, last: date) -> list[Written]:
        """What is valid on at least one of these days, by key and day. One query, none where they were
        looked at.
        """
        read(self.look_at([(first, last)]))
        return _valid(self._rows, first, last)


def _rows(team: Team, first: date, last: date) -> QuerySet[KeyAttributes, tuple[Any, ...]]:
    rows = KeyAttributes.objects.filter(key__team=team).during(first, last).order_by("key", "valid_from")
    columns = ("key_id", "valid_from", "owner_id", "owner_name", "project", "labels__id", "labels__name")
    return rows.values_list(*columns)


def _valid(rows: Iterable[Written], first: date, last: date) -> list[Written]:
    """The rows that are valid on some of the days; those of a key stand by day."""
    rows = list(rows)
    # The newest row of each key that began on the first day or before.
    newest = {row.key_id: row.since for row in rows if row.since <= first}
    return [row for row in rows if newest.get(row.key_id, date.min) <= row.since <= last]
