"""What a team wrote down of its keys, day by day, read once for all the days that a page asks about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast, Coalesce

from common.database.together import Reading, ask, read
from teams.models import KeyAttributes, Team

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
            self._told = _alike((yield from ask(_rows(self._team, first, last))))
            self._read = first, last

    def during(self, first: date, last: date) -> Iterator[History]:
        """What is valid on at least one of these days. One query, none where they were looked at."""
        read(self.look_at([(first, last)]))
        for meters, rows in self._told:
            # The newest row that began on the first day or before; without a meter keys are not told apart.
            newest = max((row.since for row in rows if row.since <= first), default=date.min)
            since = date.min if None in meters else newest
            yield meters, [row for row in rows if since <= row.since <= last]


def _rows(team: Team, first: date, last: date) -> QuerySet[KeyAttributes, tuple[Any, ...]]:
    """The columns of `Written`, and the meters of all keys of which just that is written; a key without a
    meter is an empty text. Of hundreds of keys these are a few rows.
    """
    columns = ("valid_from", "owner_id", "owner_name", "project", "labels__id", "labels__name")
    rows = KeyAttributes.objects.filter(key__team=team).during(first, last).order_by()
    meter = Coalesce(Cast("key__meter", TextField()), Value(""))
    return rows.values_list(*columns).annotate(meters=StringAgg(meter, Value(",")))


def _alike(rows: Iterable[tuple[Any, ...]]) -> list[History]:
    """Meters of whose keys the same rows are written, together."""
    meters_of = {Written(*row): meters.split(",") for *row, meters in rows}
    told = sorted(meters_of, key=lambda row: (row.since, row.label_id or 0))
    places: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(told):
        for meter in meters_of[row]:
            places[meter].append(place)
    alike: dict[tuple[int, ...], list[int | None]] = defaultdict(list)
    for meter, some in places.items():
        alike[tuple(some)].append(int(meter) if meter else None)
    return [(meters, [told[place] for place in some]) for some, meters in alike.items()]
