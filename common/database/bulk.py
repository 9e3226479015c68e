"""Many rows in few statements, on SQLite and PostgreSQL alike.

The ORM's `bulk_create` costs some 25 µs a row and cannot add to what is there; storing a poll writes about a
dozen rows, and a worker stores a thousand polls a second. SQLite is fast row by row with a prepared
statement. PostgreSQL takes each column as one JSON array: quoting each value costs the client more than the
rest, and naming the columns in each row costs both.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from operator import attrgetter
from typing import Any

import orjson
from django.db import connection, models

PREPARED = (models.DateTimeField, models.DateField, models.JSONField, models.UUIDField)

ROWS_PER_STATEMENT = 5_000

type Values = Sequence[Any]


def insert(
    model: type[models.Model],
    rows: Iterable[object],
    fields: Sequence[str],
    *,
    unique: Sequence[str] = (),
    replace: Sequence[str] = (),
    add: Sequence[str] = (),
    rise: Sequence[str] = (),
) -> None:
    """Insert rows: objects with an attribute for each of `fields` (`meter_id` for a foreign key `meter`).

    Where `unique` is there already, the fields of `replace` are overwritten and those of `add` added to; of
    `rise`, a pair, the second rises by as much as it is above the first in the row that is given. Where all
    are empty, the row that is there stays.
    """
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), _fields(model, fields)
    head = f"INSERT INTO {table} ({_names(columns)})"
    tail = _on_conflict(model, unique, replace, add, rise) if unique else ""
    values = _values(rows, fields)
    if connection.vendor == "postgresql":
        cast = ", ".join(_cast(columns))
        sql = f"{head} SELECT {cast} FROM {_given(columns)}{tail}"  # noqa: S608  our own models' names
        _execute_columns(sql, values)
    else:
        placeholders = ", ".join(["%s"] * len(columns))
        _execute_many(f"{head} VALUES ({placeholders}){tail}", _prepared(columns, values))


def update(model: type[models.Model], rows: Iterable[object], fields: Sequence[str]) -> None:
    """Set `fields` of the rows with the primary keys (`pk`) of these objects, to what the objects have."""
    quote = connection.ops.quote_name
    columns = [*_fields(model, fields), model._meta.pk]
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    names = [quote(field.column) for field in columns[:-1]]
    values = _values(rows, (*fields, "pk"))
    if connection.vendor == "postgresql":
        *cast, given_key = _cast(columns)
        settings = ", ".join(f"{name} = {value}" for name, value in zip(names, cast, strict=True))
        where = f"{table}.{key} = {given_key}"
        sql = f"UPDATE {table} SET {settings} FROM {_given(columns)} WHERE {where}"  # noqa: S608  our own models' names
        _execute_columns(sql, values)
    else:
        settings = ", ".join(f"{name} = %s" for name in names)
        sql = f"UPDATE {table} SET {settings} WHERE {key} = %s"  # noqa: S608  our own models' names
        _execute_many(sql, _prepared(columns, values))


def _fields(model: type[models.Model], names: Sequence[str]) -> list[Any]:
    """The model's fields of these names; a column may be called otherwise."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [fields[name] for name in names]


def _values(rows: Iterable[object], names: Sequence[str]) -> Iterator[Values]:
    """Each row's values in the order of the names."""
    return map(attrgetter(*names), rows) if len(names) > 1 else ((getattr(row, names[0]),) for row in rows)


def _on_conflict(
    model: type[models.Model],
    unique: Sequence[str],
    replace: Sequence[str],
    add: Sequence[str],
    rise: Sequence[str],
) -> str:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    replaced, added, risen = (
        [quote(field.column) for field in _fields(model, names)] for names in (replace, add, rise)
    )
    settings = [f"{name} = EXCLUDED.{name}" for name in replaced]
    settings += [f"{name} = {table}.{name} + EXCLUDED.{name}" for name in added]
    if risen:
        base, name = risen
        settings.append(f"{name} = {table}.{name} + (EXCLUDED.{name} - EXCLUDED.{base})")
    what = f"UPDATE SET {', '.join(settings)}" if settings else "NOTHING"
    return f" ON CONFLICT ({_names(_fields(model, unique))}) DO {what}"


def _names(fields: Iterable[Any]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)


def _given(fields: Sequence[Any]) -> str:
    """A JSON array of texts for each column, side by side as a table named `given`."""
    arrays = ", ".join(["json_array_elements_text(%s::json)"] * len(fields))
    return f"ROWS FROM ({arrays}) AS given ({_names(fields)})"


def _cast(fields: Iterable[Any]) -> list[str]:
    """The columns of `given` as values of the fields' own types.

    Identity columns and foreign keys are plain integers here; `cast_db_type` knows.
    """
    quote = connection.ops.quote_name
    return [f"given.{quote(field.column)}::{field.cast_db_type(connection)}" for field in fields]


def _execute_columns(sql: str, rows: Iterable[Values]) -> None:
    with connection.cursor() as cursor:
        for chunk in batched(rows, ROWS_PER_STATEMENT, strict=False):
            arrays = zip(*chunk, strict=True)
            cursor.execute(
                sql, [orjson.dumps(array, option=orjson.OPT_NON_STR_KEYS).decode() for array in arrays]
            )


def _execute_many(sql: str, rows: list[Values]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _prepared(fields: Sequence[Any], rows: Iterable[Values]) -> list[Values]:
    """Values as SQLite wants them; integers and short texts pass as they are."""
    special = {place: field for place, field in enumerate(fields) if _is_prepared(field)}
    if not special:
        return list(rows)
    prepared: list[Values] = []
    for row in rows:
        values = list(row)
        for place, field in special.items():
            values[place] = field.get_db_prep_save(values[place], connection)
        prepared.append(values)
    return prepared


def _is_prepared(field: Any) -> bool:
    # A foreign key is stored as what it points to.
    return isinstance(getattr(field, "target_field", field), PREPARED)
