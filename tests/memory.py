"""The database of tests: SQLite is migrated by one process of a run, and copied by the others."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from tests.migrated import keep, migrated


def set_up(migrate: Callable[[], object]) -> None:
    """Let `migrate` make the database, or find it made; on a server each process makes its own."""
    if connection.vendor != "sqlite":
        migrate()
        return
    migrated_here: list[Path] = []

    def make(file: Path) -> None:
        migrate()
        connection.ensure_connection()
        keep(connection.connection, file)
        migrated_here.append(file)

    file = migrated(make)
    if not migrated_here:
        begin_with(file, migrate)


def begin_with(file: Path, migrate: Callable[[], object]) -> None:
    """Let `migrate` find what is kept: it lasts while somebody is connected to it."""
    creation: Any = connection.creation  # that of SQLite
    with (
        closing(sqlite3.connect(creation._get_test_db_name(), uri=True)) as memory,
        closing(sqlite3.connect(file)) as kept,
    ):
        kept.backup(memory)
        migrate()
