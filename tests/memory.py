"""The database of tests: in memory it is migrated by one process of a run, and copied by the others."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from tests.run_folder import once

KEPT = "migrated.sqlite3"


def set_up(migrate: Callable[[], object]) -> None:
    """Let `migrate` make the database, or find it made; on a server each process makes its own."""
    if connection.vendor != "sqlite":
        migrate()
        return
    migrated_here: list[Path] = []

    def make(folder: Path) -> None:
        migrate()
        keep(folder / KEPT)
        migrated_here.append(folder)

    folder = once("memory", make)
    if not migrated_here:
        begin_with(folder / KEPT, migrate)


def keep(file: Path) -> None:
    """Write the database down for other processes."""
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as kept:
        connection.connection.backup(kept)


def begin_with(file: Path, migrate: Callable[[], object]) -> None:
    """Let `migrate` find what is kept: it lasts while somebody is connected to it."""
    creation: Any = connection.creation  # that of SQLite
    with (
        closing(sqlite3.connect(creation._get_test_db_name(), uri=True)) as memory,
        closing(sqlite3.connect(file)) as kept,
    ):
        kept.backup(memory)
        migrate()
