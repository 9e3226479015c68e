"""Many rows in few statements, on SQLite and PostgreSQL alike.

The ORM's `bulk_create` costs some 25 µs a row and cannot add to what is there; storing a poll writes about a
dozen rows, and a worker stores a thousand polls a second.
"""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models

PREPARED = (models.DateTimeField, models.DateField, models.JSONField, models.UUIDField)

# PostgreSQL takes all rows of a statement at once. SQLite is as fast row by row with a prepared statement.
ROWS_PER_STATEMENT = 1_000


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
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
    tail = (
        f" ON CONFLICT ({', '.join(map(quote, unique))}) DO UPDATE SET {', '.join(settings)}"
        if unique
        else ""
    )
    # Table and column names are our own models'.
    head = f"INSERT INTO {table} ({', '.join(map(quote, columns))}) VALUES "  # noqa: S608
    _execute(head, tail, len(columns), _prepared(model, columns, rows))


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set `columns` of rows given as their values, with the primary key last."""
    quote = connection.ops.quote_name
    settings = ", ".join(f"{quote(name)} = %s" for name in columns)
    key = str(model._meta.pk.column)
    table = quote(model._meta.db_table)
    values = _prepared(model, (*columns, key), rows)
    if values:
        with connection.cursor() as cursor:
            # Table and column names are our own models'.
            cursor.executemany(f"UPDATE {table} SET {settings} WHERE {quote(key)} = %s", values)  # noqa: S608


def _execute(head: str, tail: str, width: int, rows: list[Sequence[Any]]) -> None:
    if not rows:
        return
    row = f"({', '.join(['%s'] * width)})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(head + row + tail, rows)
            return
        for chunk in batched(rows, ROWS_PER_STATEMENT, strict=False):
            values = [value for values in chunk for value in values]
            cursor.execute(head + ", ".join([row] * len(chunk)) + tail, values)


def _prepared(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[Sequence[Any]]:
    """Values as the database wants them; integers and short texts pass as they are."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    special = {index: fields[name] for index, name in enumerate(columns) if _is_prepared(fields[name])}
    if not special:
        return list(rows)
    prepared: list[Sequence[Any]] = []
    for row in rows:
        values = list(row)
        for index, field in special.items():
            values[index] = field.get_db_prep_save(values[index], connection)
        prepared.append(values)
    return prepared


def _is_prepared(field: Any) -> bool:
    # A foreign key is stored as what it points to.
    return isinstance(getattr(field, "target_field", field), PREPARED)
