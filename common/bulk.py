"""Many rows in few statements, on SQLite and PostgreSQL alike.

The ORM's `bulk_create` costs some 25 µs a row and cannot add to what is there; storing a poll writes about a
dozen rows, and a worker stores a thousand polls a second. SQLite is fast row by row with a prepared
statement. PostgreSQL takes each column as one JSON array: quoting each value costs the client more than the
rest, and naming the columns in each row costs both.
"""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any

import orjson
from django.db import connection, models

PREPARED = (models.DateTimeField, models.DateField, models.JSONField, models.UUIDField)

ROWS_PER_STATEMENT = 5_000

type Row = Sequence[Any]


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    unique: Sequence[str] = (),
    replace: Sequence[str] = (),
    add: Sequence[str] = (),
) -> None:
    """Insert rows given as values of `columns` (column names).

    Where `unique` is there already, the columns of `replace` are overwritten and those of `add` added to.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    settings = [f"{quote(name)} = EXCLUDED.{quote(name)}" for name in replace]
    settings += [f"{quote(name)} = {table}.{quote(name)} + EXCLUDED.{quote(name)}" for name in add]
    tail = f" ON CONFLICT ({_names(unique)}) DO UPDATE SET {', '.join(settings)}" if unique else ""
    head = f"INSERT INTO {table} ({_names(columns)})"
    if connection.vendor == "postgresql":
        values = ", ".join(_cast(model, columns))
        sql = f"{head} SELECT {values} FROM {_given(columns)}{tail}"  # noqa: S608  our own models' names
        _execute_columns(sql, rows)
    else:
        placeholders = ", ".join(["%s"] * len(columns))
        _execute_many(f"{head} VALUES ({placeholders}){tail}", _prepared(model, columns, rows))


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Set `columns` of rows given as their values, with the primary key last."""
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), str(model._meta.pk.column)
    if connection.vendor == "postgresql":
        *values, given_key = _cast(model, (*columns, key))
        settings = ", ".join(f"{quote(name)} = {value}" for name, value in zip(columns, values, strict=True))
        where = f"{table}.{quote(key)} = {given_key}"
        given = _given((*columns, key))
        sql = f"UPDATE {table} SET {settings} FROM {given} WHERE {where}"  # noqa: S608  our own models' names
        _execute_columns(sql, rows)
    else:
        settings = ", ".join(f"{quote(name)} = %s" for name in columns)
        sql = f"UPDATE {table} SET {settings} WHERE {quote(key)} = %s"  # noqa: S608  our own models' names
        _execute_many(sql, _prepared(model, (*columns, key), rows))


def _names(columns: Sequence[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))


def _given(columns: Sequence[str]) -> str:
    """A JSON array of texts for each column, side by side as a table named `given`."""
    arrays = ", ".join(["json_array_elements_text(%s::json)"] * len(columns))
    return f"ROWS FROM ({arrays}) AS given ({_names(columns)})"


def _cast(model: type[models.Model], columns: Sequence[str]) -> list[str]:
    """The columns of `given` as values of the model's own types."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    return [f"given.{connection.ops.quote_name(name)}::{_type(fields[name])}" for name in columns]


def _type(field: Any) -> str:
    # Identity columns and foreign keys are plain integers here; `cast_db_type` knows.
    return str(field.cast_db_type(connection))


def _execute_columns(sql: str, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        for chunk in batched(rows, ROWS_PER_STATEMENT, strict=False):
            arrays = zip(*chunk, strict=True)
            cursor.execute(
                sql, [orjson.dumps(array, option=orjson.OPT_NON_STR_KEYS).decode() for array in arrays]
            )


def _execute_many(sql: str, rows: list[Row]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _prepared(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> list[Row]:
    """Values as SQLite wants them; integers and short texts pass as they are."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    special = {index: fields[name] for index, name in enumerate(columns) if _is_prepared(fields[name])}
    if not special:
        return list(rows)
    prepared: list[Row] = []
    for row in rows:
        values = list(row)
        for index, field in special.items():
            values[index] = field.get_db_prep_save(values[index], connection)
        prepared.append(values)
    return prepared


def _is_prepared(field: Any) -> bool:
    # A foreign key is stored as what it points to.
    return isinstance(getattr(field, "target_field", field), PREPARED)
