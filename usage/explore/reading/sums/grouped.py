"""Sums over rollups, made by the database: of as many keys as there are, as few rows as are drawn.

Who counts when is given with the statement, as a small table of (meters, from, to, place); a row of a rollup
is added at each place that it lies in. In SQL: the ORM joins no table that is given with the question.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import connection, models

from common.database.together import Raw, Reading, ask, read
from usage.models import CohortDay, CohortQuarter, Day, Quarter, Series, TeamDay, TeamQuarter

# SQL and its parameters; what it answers are the columns place, day, number, metric, model and amount.
type Statement = tuple[str, list[Any]]
COLUMNS = 6
# Of more days or quarters than this each series is summed by itself: to sort all rows takes longer then.
MOST_SORTED = {"postgresql": 2, "sqlite": 8}
FIRST_DAY = "MIN(rollup.day)"
# A day's Julian date is its ordinal and so many days.
JULIAN = 1_721_424.5


class Given(NamedTuple):
    """Meters count at a place from `first` to before `last`: local days, or numbers of quarters."""

    meters: Sequence[int]
    first: date | int
    last: date | int
    place: int


class Sum(NamedTuple):
    """What was used at a place: in the day or quarter `on` (None: in all of them) of a model (empty: all)."""

    place: int
    on: date | int | None
    metric: str
    model: str
    amount: int


class Column(NamedTuple):
    """What was used of a metric and a model (empty: all) in all of the time: at each of the `places` one of
    the `amounts`. A place may come more than once.
    """

    metric: str
    model: str
    places: Sequence[int]
    amounts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Some metrics of some models (None: all; or all but those, where they are `left_out`), summed by time
    and by model, or not.
    """

    metrics: Sequence[str]
    models: Sequence[str] | None = None
    left_out: bool = False
    by_time: bool = True
    by_model: bool = False


class Joined(NamedTuple):
    """Quarters are told `width` of them together, from number `base` on; days `days` of them, from
    `first_day` on, or those of a month (None), all by the first of them.
    """

    base: int = 0
    width: int = 1
    first_day: date = date.min
    days: int | None = 1


def fetch(statements: Iterable[Statement]) -> Iterator[Sum]:
    """The sums of all statements. One query; none where there are no statements."""
    yield from read(sums_of(statements))


def sums_of(statements: Iterable[Statement]) -> Reading[list[Sum]]:
    """The same as a reading. One step, none where there are no statements."""
    told = list(statements)
    if not told:
        return []
    together = " UNION ALL ".join(text for text, _ in told)
    rows = yield from ask(Raw(together, [value for _, values in told for value in values], COLUMNS))
    # A series that was not used at all has no sum.
    return [_sum(*row) for row in rows if row[-1] is not None]


def columns_of(statements: Iterable[Statement]) -> Reading[list[Column]]:
    """The sums of statements that are not by time, told together by metric and model: of thousands of series
    a row for each would take longer than to sum them. One step, none where there are no statements.
    """
    told = list(statements)
    if not told:
        return []
    together = " UNION ALL ".join(text for text, _ in told)
    listed = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    sql = (
        f"WITH sums (place, day, number, metric, model, amount) AS ({together})"  # noqa: S608  names of our own
        # A series that was not used at all has no sum, and is not listed.
        f" SELECT metric, model, {listed}(place || ',' || amount, ',') FROM sums GROUP BY metric, model"
    )
    rows = yield from ask(Raw(sql, [value for _, values in told for value in values], 3))
    return [_column(metric, model, pairs) for metric, model, pairs in rows if pairs]


def _column(metric: str, model: str, pairs: str) -> Column:
    numbers = list(map(int, pairs.split(",")))
    return Column(metric, model, numbers[::2], numbers[1::2])


def _sum(place: int, day: date | str | None, number: int | None, *used: Any) -> Sum:
    metric, model, amount = used
    return Sum(place, number if day is None else _date(day), metric, model, int(amount))


def _date(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def of_keys(rollup: type[Day | Quarter], given: Sequence[Given], wanted: Wanted, joined: Joined) -> Statement:
    """What single meters used, at the places of the given rows."""
    if not wanted.by_time and max(map(_length, given)) > MOST_SORTED[connection.vendor]:
        return _in_all(rollup, given, wanted)
    table, values = _table(rollup, given)
    on = f"rollup.{'day' if rollup is Day else 'number'}"
    day, number = _times(rollup is Day, wanted, joined)
    model = "series.model" if wanted.by_model else "''"
    where, names = _where("series", wanted)
    within, bounds = _within(on, given)
    sql = (
        f"SELECT given.place, {day}, {number}, series.metric, {model}, SUM(rollup.value - rollup.opening)"  # noqa: S608  names of our own
        f" FROM {table} CROSS JOIN {Series._meta.db_table} series CROSS JOIN {rollup._meta.db_table} rollup"
        f" WHERE series.meter_id = given.meter_id AND {where} AND rollup.series_id = series.id"
        f" AND {on} >= given.first_on AND {on} < given.last_on{within}"
        f" GROUP BY {_groups(joined, 'given.place', 'series.metric', day, number, model)}"
    )
    return sql, [*values, *names, *bounds]


def _length(given: Given) -> int:
    """How many days or quarters that is."""
    length = given.last - given.first  # type: ignore[operator]  # both are days, or both are numbers
    return length.days if isinstance(length, timedelta) else length


def _in_all(rollup: type[Day | Quarter], given: Sequence[Given], wanted: Wanted) -> Statement:
    """What single meters used in all of the time: each series is summed by itself, and nothing is sorted."""
    table, values = _table(rollup, given)
    on = f"rollup.{'day' if rollup is Day else 'number'}"
    day, number = _times(rollup is Day, wanted, Joined())
    model = "used.model" if wanted.by_model else "''"
    where, names = _where("series", wanted)
    total = (
        f"SELECT SUM(rollup.value - rollup.opening) FROM {rollup._meta.db_table} rollup"  # noqa: S608  names of our own
        f" WHERE rollup.series_id = series.id AND {on} >= given.first_on AND {on} < given.last_on"
    )
    sql = (
        f"SELECT used.place, {day}, {number}, used.metric, {model}, SUM(used.amount)"  # noqa: S608  names of our own
        f" FROM (SELECT given.place, series.metric, series.model, ({total}) AS amount"
        f" FROM {table} CROSS JOIN {Series._meta.db_table} series"
        f" WHERE series.meter_id = given.meter_id AND {where}) used"
        f" GROUP BY {_groups(Joined(), 'used.place', 'used.metric', model)}"
    )
    return sql, [*values, *names]


def of_cohorts(
    rollup: type[CohortDay | CohortQuarter], given: Sequence[Given], wanted: Wanted, joined: Joined
) -> Statement:
    """What cohorts of meters used on settled days: the given rows name these in place of meters."""
    table, values = _table(rollup, given)
    on, day, number, model = _columns(rollup is CohortDay, wanted, joined)
    where, names = _where("rollup", wanted)
    within, bounds = _within(on, given)
    sql = (
        f"SELECT given.place, {day}, {number}, rollup.metric, {model}, SUM(rollup.amount)"  # noqa: S608  names of our own
        f" FROM {table} CROSS JOIN {rollup._meta.db_table} rollup"
        f" WHERE rollup.cohort_id = given.meter_id AND {where}"
        f" AND {on} >= given.first_on AND {on} < given.last_on{within}"
        f" GROUP BY {_groups(joined, 'given.place', 'rollup.metric', day, number, model)}"
    )
    return sql, [*values, *names, *bounds]


def of_team(
    rollup: type[TeamDay | TeamQuarter],
    team_id: int,
    bounds: tuple[date | int, date | int],
    wanted: Wanted,
    joined: Joined,
    place: int,
) -> Statement:
    """What a whole team used, at a place."""
    on, day, number, model = _columns(rollup is TeamDay, wanted, joined)
    where, names = _where("rollup", wanted)
    sql = (
        f"SELECT {place}, {day}, {number}, rollup.metric, {model}, SUM(rollup.amount)"  # noqa: S608  names of our own
        f" FROM {rollup._meta.db_table} rollup"
        f" WHERE rollup.team_id = %s AND {where} AND {on} >= %s AND {on} < %s"
        f" GROUP BY {_groups(joined, 'rollup.metric', day, number, model)}"
    )
    return sql, [team_id, *names, *bounds]


def _within(on: str, given: Sequence[Given]) -> tuple[str, list[Any]]:
    """All of the time at once, beside that of each row, and its parameters: with that PostgreSQL's planner
    can reckon how much of the table it will read. SQLite plans nothing by it.
    """
    if connection.vendor != "postgresql":
        return "", []
    return f" AND {on} >= %s AND {on} < %s", [min(one.first for one in given), max(one.last for one in given)]


def _groups(joined: Joined, *columns: str) -> str:
    """Those of the columns that are no constants; of the first day of several, what these have in common."""
    return ", ".join(
        _days_together(joined) if column == FIRST_DAY else column for column in columns if "." in column
    )


def _days_together(joined: Joined) -> str:
    """The month of a row's day, or the number of its days since the first one."""
    first, days, is_postgres = joined.first_day, joined.days, connection.vendor == "postgresql"
    if days is None:
        return "date_trunc('month', rollup.day)" if is_postgres else "substr(rollup.day, 1, 7)"
    if is_postgres:
        return f"(rollup.day - DATE '{first}') / {days}"
    return f"CAST((julianday(rollup.day) - {first.toordinal() + JULIAN}) / {days} AS integer)"


def _columns(is_day: bool, wanted: Wanted, joined: Joined) -> tuple[str, str, str, str]:
    """What bounds the rows of a rollup in time, and the columns of their day, quarter and model."""
    model = "rollup.model" if wanted.by_model else "''"
    return f"rollup.{'day' if is_day else 'number'}", *_times(is_day, wanted, joined), model


def _times(is_day: bool, wanted: Wanted, joined: Joined) -> tuple[str, str]:
    """The columns of a day and of a quarter: one of them is empty, both where time does not matter."""
    no_day, no_number = "CAST(NULL AS date)", "CAST(NULL AS integer)"
    if not wanted.by_time:
        return no_day, no_number
    if is_day:
        return "rollup.day" if joined.days == 1 else FIRST_DAY, no_number
    base, width = joined.base, joined.width
    return no_day, f"{base} + (rollup.number - {base}) / {width} * {width}" if width > 1 else "rollup.number"


def _where(table: str, wanted: Wanted) -> tuple[str, list[str]]:
    where, values = f"{table}.metric IN ({_marks(wanted.metrics)})", list(wanted.metrics)
    names = wanted.models
    if names:
        where += f" AND {table}.model {'NOT IN' if wanted.left_out else 'IN'} ({_marks(names)})"
        values += names
    elif names is not None and not wanted.left_out:
        where += " AND 1 = 0"
    return where, values


def _marks(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))


def _table(rollup: type[models.Model], given: Sequence[Given]) -> tuple[str, list[Any]]:
    """The given rows as a table, and its parameters."""
    if connection.vendor == "postgresql":
        kind = "date" if rollup in (Day, CohortDay) else "integer"
        arrays = f"unnest(%s::bigint[], %s::{kind}[], %s::{kind}[], %s::integer[])"
        rows = [(meter_id, *rest) for meters, *rest in given for meter_id in meters]
        table = f"{arrays} AS given (meter_id, first_on, last_on, place)"
        return table, list(map(_array, zip(*rows, strict=True)))
    columns = ("meters", "first_on", "last_on", "place")
    values = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(columns))
    # With a limit SQLite reads each row of it once, not for each row that is joined to it.
    each = f"(SELECT {values} FROM json_each(%s) LIMIT -1), json_each(meters)"  # noqa: S608  names of our own
    table = f"(SELECT value AS meter_id, first_on, last_on, place FROM {each} LIMIT -1) given"  # noqa: S608
    return table, [orjson.dumps(list(map(tuple, given))).decode()]


def _array(values: Iterable[int | date]) -> str:
    """Numbers or days as PostgreSQL writes an array: its driver takes many times as long for hundreds."""
    return f"{{{','.join(map(str, values))}}}"
