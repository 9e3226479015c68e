"""Take everything from SQLite to an empty PostgreSQL, in one transaction: nothing if one value cannot go."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from raxdash.copies import postgres_tables, seals
from raxdash.copies.archive import CopyError
from raxdash.copies.conversion import Findings, convert
from raxdash.copies.postgres_tables import Column

SAY_EVERY = 100_000
# The target's own: what migrations were applied, and when.
KEPT = "django_migrations"

type Say = Callable[[str], None]


@contextmanager
def held(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield the SQLite database, which nobody else can read or write meanwhile; texts come as bytes."""
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as source:
        source.text_factory = bytes
        try:
            source.execute("PRAGMA locking_mode=EXCLUSIVE")
            source.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise CopyError(f"{path} is still in use ({error}): stop everything first") from error
        yield source


def refuse_filled(target: psycopg.Connection) -> bool:
    """Raise `CopyError` where the target holds rows; tell whether raxdash's tables are there, all empty."""
    tables = postgres_tables.tables(target)
    for table in tables:
        if table not in (KEPT, "django_content_type", "auth_permission"):
            name = sql.Identifier(table)
            if target.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone():
                raise CopyError(f"the target is not empty: {table} has rows")
    return bool(tables)


def refuse_broken(source: sqlite3.Connection) -> None:
    """Raise `CopyError` where a row refers to one that is not there: PostgreSQL would refuse all."""
    if found := source.execute("PRAGMA foreign_key_check").fetchmany(5):
        rows = ", ".join(
            f"{table.decode()} row {row} to {parent.decode()}" for table, row, parent, _ in found
        )
        raise CopyError(f"the SQLite database holds rows that refer to none: {rows}")


def move(source: sqlite3.Connection, target: psycopg.Connection, say: Say) -> Findings:
    """Copy all rows in one transaction; raise `CopyError`, naming the columns, where some cannot go."""
    refuse_broken(source)
    tables = {table: columns for table, columns in postgres_tables.tables(target).items() if table != KEPT}
    refuse_strangers(source, set(tables), say)
    postgres_tables.empty(target, list(tables))
    found = Findings()
    for table, columns in tables.items():
        copied = copy_table(source, target, table, columns, found, say)
        say(f"{table}: {copied:,} rows")
    if found.refused:
        raise CopyError("PostgreSQL cannot take these values: " + "; ".join(found.refusals()))
    postgres_tables.set_sequences(target, last_ids(source, target))
    if seals.lost(target.execute(seals.SECRETS)) != seals.lost(secrets_of(source)):
        raise CopyError("not all secrets that opened before do so now")
    return found


def refuse_strangers(source: sqlite3.Connection, known: set[str], say: Say) -> None:
    """Raise `CopyError` for tables that the target lacks; name those of somebody else, which stay."""
    # Tables of SQLite's own search are made from others, as PostgreSQL makes its own.
    rows = source.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    others = {name.decode() for (name,) in rows if not name.startswith(b"sqlite_")} - known - {KEPT}
    if ours := sorted(filter(postgres_tables.is_ours, others)):
        raise CopyError(f"the target has no table for {', '.join(ours)}: it is of another version")
    for name in sorted(others):
        say(f"{name}: not raxdash's, left where it is")


def copy_table(
    source: sqlite3.Connection,
    target: psycopg.Connection,
    table: str,
    columns: list[Column],
    found: Findings,
    say: Say,
) -> int:
    """Copy one table row by row, however large it is; return how many rows it has on both sides."""
    names = [column.name for column in columns]
    quoted = ", ".join(f'"{name}"' for name in names)
    rows = source.execute(f'SELECT {quoted} FROM "{table}"')  # noqa: S608  names of the catalogue
    words = postgres_tables.statement("COPY {table} ({columns}) FROM STDIN", table, names)
    count = 0
    # Once one value cannot go nothing is stored any more, and the rest is only looked at.
    with target.cursor() as cursor:
        with cursor.copy(words) as copy:
            for row in rows:
                values = convert(table, columns, row, found)
                if not found.refused:
                    copy.write_row(values)
                count += 1
                if count % SAY_EVERY == 0:
                    say(f"{table}: {count:,} rows so far")
        if not found.refused and cursor.rowcount != count:
            raise CopyError(f"{table}: {cursor.rowcount:,} of {count:,} rows arrived")
    return count


def last_ids(source: sqlite3.Connection, target: psycopg.Connection) -> dict[str, int]:
    """Return the last id that each table gave, by the name of its sequence."""
    given = {name.decode(): last for name, last in source.execute("SELECT name, seq FROM sqlite_sequence")}
    owned = "SELECT pg_get_serial_sequence(quote_ident(%s), 'id')"
    last: dict[str, int] = {}
    for table, number in given.items():
        if table != KEPT and number and postgres_tables.is_ours(table):
            (name,) = target.execute(owned, (table,)).fetchone() or (None,)
            if name:
                last[name.rpartition(".")[2].strip('"')] = number
    return last


def secrets_of(source: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Return the sealed secrets as the target's are read."""
    rows = source.execute(seals.SECRETS)
    return [(key.decode(), url.decode(), key_id.decode(), sealed) for key, url, key_id, sealed in rows]


def drop_all(target: psycopg.Connection) -> None:
    """Take the tables away again that were made for the move."""
    if names := list(postgres_tables.tables(target)):
        target.execute(
            sql.SQL("DROP TABLE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, names)))
        )


def empty_again(target: psycopg.Connection) -> None:
    """Take the rows away again that were moved to tables that had been made before."""
    postgres_tables.empty(target, [name for name in postgres_tables.tables(target) if name != KEPT])
