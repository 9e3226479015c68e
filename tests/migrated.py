"""The SQLite database of this version, with no rows of ours: made once in a run by whoever needs it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.run_folder import once


def migrated(make: Callable[[Path], object]) -> Path:
    """Return the file; `make` writes it where nobody has yet."""
    return once("migrated", lambda folder: make(folder / "database.sqlite3")) / "database.sqlite3"


def keep(database: sqlite3.Connection, file: Path) -> None:
    """Write a database down, without the log beside it that one in memory could not have."""
    with closing(sqlite3.connect(file)) as kept:
        database.backup(kept)
        kept.execute("PRAGMA journal_mode = DELETE")
