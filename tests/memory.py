"""The database of tests, which is in memory: migrated by one process of a run, and copied by the others."""

import fcntl
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from django.db import connection

from tests.run_folder import run_folder


def set_up(migrate: Callable[[], object]) -> None:
    """Let `migrate` make the database, or find it made; it is SQLite's."""
    file = run_folder() / "memory.sqlite3"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with closing(sqlite3.connect(file)) as kept:
            if kept.execute("SELECT 1 FROM sqlite_master").fetchone():
                begin_with(kept, migrate)
            else:
                migrate()
                connection.ensure_connection()
                connection.connection.backup(kept)


def begin_with(kept: sqlite3.Connection, migrate: Callable[[], object]) -> None:
    """Let `migrate` find what is kept: it lasts while somebody is connected to it."""
    creation: Any = connection.creation  # that of SQLite
    with closing(sqlite3.connect(creation._get_test_db_name(), uri=True)) as memory:
        kept.backup(memory)
        migrate()
