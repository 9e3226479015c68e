"""What a team wrote down of its keys, day by day, read once for all the days that a page asks about."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

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
    """The attributes of a team's keys: those that are asked for first are read with all that are expected."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._expected: list[Days] = []
        self._read: Days | None = None
        self._rows: list[Written] = []

    def expect(self, first: date, last: date) -> None:
        """Say that days will be asked for."""
        self._expected.append((first, last))

    def during(self, first: date, last: date) -> list[Written]:
        """What is valid on at least one of these days, by key and day. One query, none where it was read
        before.
        """
        if self._read is None or first < self._read[0] or self._read[1] < last:
            days = [(first, last), *self._expected]
            self._read = min(since for since, _ in days), max(until for _, until in days)
            self._rows = list(_rows(self._team, *self._read))
        return _valid(self._rows, first, last)


def _rows(team: Team, first: date, last: date) -> Iterable[Written]:
    rows = KeyAttributes.objects.filter(key__team=team).during(first, last).order_by("key", "valid_from")
    columns = ("key_id", "valid_from", "owner_id", "owner_name", "project", "labels__id", "labels__name")
    return (Written(*row) for row in rows.values_list(*columns))


def _valid(rows: Iterable[Written], first: date, last: date) -> list[Written]:
    """The rows that are valid on some of the days; those of a key stand by day."""
    rows = list(rows)
    # The newest row of each key that began on the first day or before.
    newest = {row.key_id: row.since for row in rows if row.since <= first}
    return [row for row in rows if newest.get(row.key_id, date.min) <= row.since <= last]
