"""Many rows in few statements, on SQLite and PostgreSQL alike.

The ORM's `bulk_create` costs some 25 µs a row and cannot add to what is there; storing a poll writes about a
dozen rows, and a worker stores a thousand polls a second. SQLite is fast row by row with a prepared
statement. PostgreSQL takes all rows as one JSON text: quoting each value costs the client more than the rest.
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
    # Table and column names are our own models'.
    head = f"INSERT INTO {table} ({_names(columns)})"
    if connection.vendor == "postgresql":
        sql = f"{head} SELECT {_names(columns)} FROM {_record(model, columns)}{tail}"  # noqa: S608
        _execute_json(sql, columns, rows)
    else:
        marks = ", ".join(["%s"] * len(columns))
        _execute_many(f"{head} VALUES ({marks}){tail}", _prepared(model, columns, rows))


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Set `columns` of rows given as their values, with the primary key last."""
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), str(model._meta.pk.column)
    # Table and column names are our own models'.
    if connection.vendor == "postgresql":
        settings = ", ".join(f"{quote(name)} = given.{quote(name)}" for name in columns)
        where = f"{table}.{quote(key)} = given.{quote(key)}"
        record = _record(model, (*columns, key))
        sql = f"UPDATE {table} SET {settings} FROM {record} WHERE {where}"  # noqa: S608
        _execute_json(sql, (*columns, key), rows)
    else:
        settings = ", ".join(f"{quote(name)} = %s" for name in columns)
        sql = f"UPDATE {table} SET {settings} WHERE {quote(key)} = %s"  # noqa: S608
        _execute_many(sql, _prepared(model, (*columns, key), rows))


def _names(columns: Sequence[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))


def _record(model: type[models.Model], columns: Sequence[str]) -> str:
    """The rows of a JSON array of objects, as a table named `given` with the columns' own types."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    typed = [f"{connection.ops.quote_name(name)} {_type(fields[name])}" for name in columns]
    return f"json_to_recordset(%s::json) AS given ({', '.join(typed)})"


def _type(field: Any) -> str:
    # Identity columns and foreign keys are plain integers here; `cast_db_type` knows.
    return str(field.cast_db_type(connection))


def _execute_json(sql: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        for chunk in batched(rows, ROWS_PER_STATEMENT, strict=False):
            objects = [dict(zip(columns, row, strict=True)) for row in chunk]
            cursor.execute(sql, [orjson.dumps(objects, option=orjson.OPT_NON_STR_KEYS).decode()])


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
