"""Write what the fold found into the rollups that pages read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from common.database import bulk
from usage.books.rollups import settled_days
from usage.books.rollups.settled_days import Used
from usage.ledger import COVERAGE, SeriesKey, grid
from usage.ledger.words import series_of
from usage.models import Day, Meter, Quarter, Series, TeamDay, TeamModel, TeamQuarter

type SeriesIds = Mapping[int, Mapping[SeriesKey, int]]

NOT_TOLD = MappingProxyType[int, Sequence[Used]]({})


class QuarterRow(NamedTuple):
    """A quarter as a plain row."""

    series_id: int
    number: int
    opening: int
    value: int


class DayRow(NamedTuple):
    """A local day as a plain row."""

    series_id: int
    day: date
    opening: int
    value: int


class TeamQuarterRow(NamedTuple):
    """What a team used in a quarter, or what is added to it."""

    team_id: int
    metric: str
    number: int
    model: str
    amount: int


class TeamDayRow(NamedTuple):
    """What a team used in a local day, or what is added to it."""

    team_id: int
    metric: str
    day: date
    model: str
    amount: int


local_day = lru_cache(maxsize=65_536)(grid.local_day)


@dataclass(slots=True)
class TeamChanges:
    """What to add to the rollups of whole teams.

    They are added to, not replaced: summing all keys of a team for each poll would cost more with each key.
    A poll is added once, because its meter's state moves on in the same transaction.
    """

    quarters: dict[tuple[int, str, int, str], int] = field(default_factory=lambda: defaultdict(int))
    days: dict[tuple[int, str, date, str], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, team_id: int, line: SeriesKey, number: int, day: date, amount: int) -> None:
        """Count `amount` more of a line in a quarter, and in the local day that it is of."""
        model, metric = line
        self.quarters[team_id, metric, number, model] += amount
        self.days[team_id, metric, day, model] += amount

    def save(self, used: Mapping[int, Sequence[Used]] = NOT_TOLD) -> None:
        """Write all changes. Where it is told what meters of a team used, its settled days are added to;
        else they are not settled any more. Rows go in order of their keys, so that two writers never wait in
        a circle.
        """
        _add(TeamQuarter, TeamQuarterRow, self.quarters)
        _add(TeamDay, TeamDayRow, self.days)
        for team_id, (first, last) in self._spans().items():
            if team_id in used:
                settled_days.add(team_id, used[team_id])
            else:
                settled_days.unsettle(team_id, first, last)

    def _spans(self) -> dict[int, tuple[int, int]]:
        """The first and the last quarter of each team that changes."""
        spans: dict[int, tuple[int, int]] = {}
        for team_id, _, number, _ in self.quarters:
            first, last = spans.get(team_id, (number, number))
            spans[team_id] = min(first, number), max(last, number)
        return spans


def drop_empty(team_id: int, metrics: Iterable[str], first: int, last: int, zone: ZoneInfo) -> None:
    """Delete the rows of a team's quarters first to last, and of their days, of which nothing is left."""
    days = local_day(first, zone), local_day(last, zone)
    for metric in metrics:
        empty = {"team": team_id, "metric": metric, "amount": 0}
        TeamQuarter.objects.filter(**empty, number__range=(first, last)).delete()
        TeamDay.objects.filter(**empty, day__range=days).delete()


def _add(
    model: type[TeamQuarter | TeamDay],
    row: type[TeamQuarterRow | TeamDayRow],
    changes: Mapping[tuple[int, str, Any, str], int],
) -> None:
    *unique, amount = row._fields
    rows = [row(*where, amount) for where, amount in sorted(changes.items()) if amount]
    bulk.insert(model, rows, row._fields, unique=unique, add=(amount,))


def series_ids(meters: Iterable[Meter], lines: Iterable[tuple[int, SeriesKey]]) -> SeriesIds:
    """{meter id: {line: its primary key}}, with the missing of (meter id, line) created.

    Call it with the teams locked.
    """
    teams = {meter.pk: meter.team_id for meter in meters}
    ids: dict[int, dict[SeriesKey, int]] = {pk: {} for pk in teams}
    known = Series.objects.of_meters(teams)
    for pk, meter_id, model, metric in known.values_list("pk", "meter_id", "model", "metric"):
        ids[meter_id][series_of(model, metric)] = pk
    missing = sorted({(meter_id, line) for meter_id, line in lines if line not in ids[meter_id]})
    made = Series.objects.bulk_create(
        Series(meter_id=meter_id, model=line.model, metric=line.metric) for meter_id, line in missing
    )
    for (meter_id, line), series in zip(missing, made, strict=True):
        ids[meter_id][line] = series.pk
    _note_models((teams[meter_id], line) for meter_id, line in missing)
    return ids


def _note_models(lines: Iterable[tuple[int, SeriesKey]]) -> None:
    """Remember the models that a team uses for the first time."""
    new = dict.fromkeys((team_id, line.model) for team_id, line in lines if line.metric != COVERAGE)
    if new:
        rows = (TeamModel(team_id=team_id, model=model) for team_id, model in new)
        TeamModel.objects.bulk_create(rows, ignore_conflicts=True)


def insert_quarters(rows: Iterable[QuarterRow]) -> None:
    """Write quarters that are not there."""
    bulk.insert(Quarter, rows, QuarterRow._fields)


def save_quarters(rows: Iterable[QuarterRow]) -> None:
    """Write quarters; one that is there keeps its opening and gets the new value."""
    unique = ("series_id", "number")
    bulk.insert(Quarter, rows, QuarterRow._fields, unique=unique, replace=("value",))


def save_days_of(quarters: QuerySet[Quarter], zone: ZoneInfo) -> None:
    """Write the local days of stored quarters."""
    rows = quarters.order_by("number").values_list(*QuarterRow._fields)
    save_days(
        DayRow(pk, local_day(number, zone), opening, value)
        for pk, number, opening, value in rows.iterator(chunk_size=10_000)
    )


def save_days(quarters: Iterable[DayRow]) -> None:
    """Add quarters, of each series in order of time, to the days that they are of.

    A day is what its quarters add up to: a stretch within it belongs to no day. One that is there keeps its
    opening.
    """
    days: dict[tuple[int, date], DayRow] = {}
    for row in quarters:
        place = row.series_id, row.day
        sofar = days.get(place)
        days[place] = sofar._replace(value=sofar.value + row.value - row.opening) if sofar else row
    bulk.insert(Day, days.values(), DayRow._fields, unique=("series_id", "day"), rise=("opening", "value"))
