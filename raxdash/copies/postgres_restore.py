"""Restore a backup to PostgreSQL: in a schema of its own first, then in the place of the present tables."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zipfile import ZipFile

import psycopg
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from raxdash.copies import postgres_tables, seals
from raxdash.copies.archive import CopyError, Manifest

BUILDING = "raxdash_restoring"


def restore_tables(
    archive: ZipFile, manifest: Manifest, confirm: Callable[[], None], check: seals.Check
) -> str:
    """Replace the present tables by those of a backup; return the schema that holds the old ones, if any."""
    given = postgres_tables.parameters()
    connection.close()
    with postgres_tables.connected(given) as database:
        (home,) = database.execute("SELECT current_schema()").fetchone() or ("",)
        run(database, "DROP SCHEMA IF EXISTS {schema} CASCADE", schema=BUILDING)
        run(database, "CREATE SCHEMA {schema}", schema=BUILDING)
    try:
        with in_schema(BUILDING):
            migrate_to(manifest)
        fill(given, archive, manifest, check)
        confirm()
        return swap(given, home)
    except psycopg.Error as error:
        raise CopyError(f"the backup could not be restored: {error}") from error
    finally:
        with postgres_tables.connected(given) as database:
            run(database, "DROP SCHEMA IF EXISTS {schema} CASCADE", schema=BUILDING)


def run(database: psycopg.Connection, words: Any, **names: str) -> None:
    """Execute a statement about named things."""
    database.execute(sql.SQL(words).format(**{name: sql.Identifier(value) for name, value in names.items()}))


@contextmanager
def in_schema(name: str) -> Iterator[None]:
    """Let Django's connection see this schema alone."""

    def turn(connection: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'SET search_path TO "{name}"')

    connection.close()
    connection_created.connect(turn, weak=False)
    try:
        yield
    finally:
        connection_created.disconnect(turn)
        connection.close()


def migrate_to(manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made."""
    done = {tuple(name) for name in manifest.migrations}
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    last = [
        name
        for name in sorted(done & nodes.keys())
        if not any(child.key[0] == name[0] and child.key in done for child in nodes[name].children)
    ]
    executor.migrate(last)


def fill(given: dict[str, Any], archive: ZipFile, manifest: Manifest, check: seals.Check) -> None:
    """Load all rows in one transaction, count them, and see whether their secrets open."""
    with postgres_tables.connected(given, BUILDING) as database:
        made = postgres_tables.tables(database)
        if missing := sorted(set(manifest.tables) - set(made)):
            raise CopyError(f"the backup holds tables that this version does not make: {', '.join(missing)}")
        postgres_tables.empty(database, list(made))
        for table, told in manifest.tables.items():
            words = postgres_tables.statement("COPY {table} ({columns}) FROM STDIN", table, told["columns"])
            with database.cursor() as cursor, archive.open(f"tables/{table}") as member:
                with cursor.copy(words) as copy:
                    shutil.copyfileobj(member, copy, 1 << 20)
                if cursor.rowcount != told["rows"]:
                    raise CopyError(
                        f"the backup is damaged: {table} has {cursor.rowcount} of {told['rows']} rows"
                    )
        postgres_tables.set_sequences(database, manifest.sequences)
        check(database.execute(seals.SECRETS).fetchall())


def swap(given: dict[str, Any], home: str) -> str:
    """Move the present tables aside and the restored ones to their place, in one transaction."""
    aside = f"raxdash_before_{datetime.now(UTC):%Y%m%dt%H%M%Sz}_{os.getpid()}"
    with postgres_tables.connected(given) as database:
        if places := postgres_tables.others(database):
            raise CopyError(
                f"somebody is connected to the database (from {', '.join(places)}): stop everything first"
            )
        present = list(postgres_tables.tables(database))
        if present:
            run(database, "CREATE SCHEMA {schema}", schema=aside)
        for table in present:
            run(database, "ALTER TABLE {table} SET SCHEMA {schema}", table=table, schema=aside)
        run(database, "SET LOCAL search_path TO {schema}", schema=BUILDING)
        for table in postgres_tables.tables(database):
            run(database, "ALTER TABLE {table} SET SCHEMA {schema}", table=table, schema=home)
    return f"schema {aside}" if present else ""
