"""The tables of raxdash in a PostgreSQL schema, by COPY: that needs no program of the server's version."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from django.apps import apps
from django.db import connection
from psycopg import pq, sql

COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
        information_schema._pg_char_max_length(a.atttypid, a.atttypmod),
        information_schema._pg_numeric_scale(a.atttypid, a.atttypmod)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY c.relname, a.attnum
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
OTHERS = """
    SELECT DISTINCT coalesce(client_addr::text, 'this machine') FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# Copies take as long as they take.
PATIENCE = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '10s'"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, its type without measures, and the most characters or decimal places it takes."""

    name: str
    kind: str
    length: int | None
    scale: int | None


def parameters() -> dict[str, Any]:
    """Return how libpq reaches Django's database."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    return {name: value for name, value in connection.get_connection_params().items() if name in known}


@contextmanager
def connected(given: dict[str, Any], schema: str = "") -> Iterator[psycopg.Connection]:
    """Yield a connection without deadlines, in a schema of its own where one is named; commit at the end."""
    with psycopg.connect(**given) as database:
        database.execute(PATIENCE)
        if schema:
            database.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        database.commit()
        yield database


def tables(database: psycopg.Connection) -> dict[str, list[Column]]:
    """Return raxdash's tables in the current schema with their columns."""
    found: dict[str, list[Column]] = {}
    for table, *column in database.execute(COLUMNS):
        if is_ours(table):
            found.setdefault(table, []).append(Column(*column))
    return found


def is_ours(table: str) -> bool:
    """Tell whether a table belongs to an app of raxdash."""
    labels = {config.label for config in apps.get_app_configs()} | {"django"}
    return any(table.startswith(f"{label}_") for label in labels)


def statement(words: LiteralString, table: str, columns: list[str]) -> sql.Composed:
    """Return a statement about a table and its columns."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL(words).format(table=sql.Identifier(table), columns=names)


def empty(database: psycopg.Connection, names: list[str]) -> None:
    """Delete the rows of tables, all at once."""
    database.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, names))))


def sequences(database: psycopg.Connection) -> dict[str, int]:
    """Return the last number that each sequence of raxdash gave."""
    rows = database.execute(SEQUENCES).fetchall()
    return {name: last for name, last in rows if last is not None and is_ours(name)}


def set_sequences(database: psycopg.Connection, last: dict[str, int]) -> None:
    """Let the sequences go on behind these numbers: an id that was given once is never given again."""
    for name, number in last.items():
        database.execute("SELECT setval(quote_ident(%s)::regclass, %s)", (name, number))


def others(database: psycopg.Connection) -> list[str]:
    """Return from where somebody else is connected to this database."""
    return sorted(str(place) for (place,) in database.execute(OTHERS))
