"""What a team wrote down of its keys, day by day, read once for all the days that a page asks about."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.db.models import QuerySet

from common.database.together import Raw, Reading, ask, read
from teams.models import KeyAttributes, Team
from usage.models.ledger.json_sums import JSONRows

# Local days, both included.
type Days = tuple[date, date]


class Written(NamedTuple):
    """What is valid of a key from a day on, with one of its labels, if it has any."""

    since: date
    owner_id: int | None
    owner_name: str
    project: str
    label_id: int | None
    label: str | None


# Meters, and what is written of each of their keys, by day; None where a key has no meter yet.
type History = tuple[Sequence[int | None], list[Written]]


class Attributes:
    """The attributes of a team's keys, read at once for all days that are looked at. Of hundreds of keys most
    have the same as others: these are told, and worked out, together.
    """

    def __init__(self, team: Team) -> None:
        self._team = team
        self._read: Days | None = None
        self._told: list[History] = []

    def look_at(self, days: Sequence[Days]) -> Reading[None]:
        """Look up what is valid on some days. One step, none where it was looked up before."""
        first, last = min(since for since, _ in days), max(until for _, until in days)
        if self._read is None or first < self._read[0] or self._read[1] < last:
            rows = yield from ask(_alike(self._team, first, last))
            self._read = first, last
            self._told = [(_numbers(meters), _written(told)) for told, meters in rows]

    def during(self, first: date, last: date) -> Iterator[History]:
        """What is valid on at least one of these days. One query, none where they were looked at."""
        read(self.look_at([(first, last)]))
        for meters, rows in self._told:
            # The newest row that began on the first day or before; without a meter keys are not told apart.
            newest = max((row.since for row in rows if row.since <= first), default=date.min)
            since = date.min if None in meters else newest
            yield meters, [row for row in rows if since <= row.since <= last]


def _rows(team: Team, first: date, last: date) -> QuerySet[KeyAttributes, tuple[Any, ...]]:
    columns = ("valid_from", "owner_id", "owner_name", "project", "labels__id", "labels__name")
    rows = KeyAttributes.objects.filter(key__team=team).during(first, last).order_by()
    return rows.values_list("key__meter").annotate(told=JSONRows(*columns))


def _alike(team: Team, first: date, last: date) -> Raw:
    """The same with the meters of all keys of which the same is told; with none for keys without a meter."""
    sql, values = _rows(team, first, last).query.get_compiler(connection=connection).as_sql()
    is_postgres = connection.vendor == "postgresql"
    meters = "string_agg(meter::text, ',')" if is_postgres else "group_concat(meter, ',')"
    return Raw(
        f"WITH keys (meter, told) AS ({sql}) SELECT told, {meters} FROM keys GROUP BY told, meter IS NULL",  # noqa: S608  made by Django
        values,
        2,
    )


def _numbers(meters: str | None) -> list[int | None]:
    return [None] if meters is None else [*map(int, meters.split(","))]


def _written(told: str) -> list[Written]:
    rows = [Written(date.fromisoformat(since), *rest) for since, *rest in orjson.loads(told)]
    return sorted(rows, key=lambda row: (row.since, row.label_id or 0))
