"""Copies of a SQLite database: made while others write, checked, put in place without a stale journal."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

from raxdash.copies.archive import CopyError, keep_names

MEMBER = "database.sqlite3"
JOURNALS = ("-wal", "-shm", "-journal")
WAIT_SECONDS = 10


def snapshot(source: Path, target: Path) -> None:
    """Copy what was committed at one moment to a new file that needs no journal beside it."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with (
        closing(sqlite3.connect(source, timeout=WAIT_SECONDS)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)  # all pages in one step, of one snapshot: others go on writing
        new.execute("PRAGMA journal_mode=DELETE")
        check(new)


def extract(archive: ZipFile, target: Path) -> None:
    """Write the database of a backup to a new file and check it."""
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with archive.open(MEMBER) as packed, os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(packed, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    with closing(sqlite3.connect(target)) as database:
        check(database)


def check(database: sqlite3.Connection) -> None:
    """Raise `CopyError` where SQLite finds the file damaged."""
    try:
        ((found, *_),) = database.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        raise CopyError(f"the database is damaged: {error}") from error
    if found != "ok":
        raise CopyError(f"the database is damaged: {found}")


def replace(path: Path, new: Path, aside: Path) -> bool:
    """Put `new` in the place of the database at `path`, kept as `aside`; tell whether there was one."""
    model = path if path.exists() else path.parent
    if os.geteuid() == 0:  # what root puts there belongs to whom it belonged before
        os.chown(new, model.stat().st_uid, model.stat().st_gid)
    is_there = path.exists()
    if is_there:
        put_aside(path, aside)
    for suffix in JOURNALS:  # of a damaged database, or of none: they must not be taken for the new one's
        journal = path.with_name(path.name + suffix)
        if journal.exists():
            journal.replace(aside.with_name(aside.name + suffix))
    new.replace(path)
    keep_names(path.parent)
    return is_there


def put_aside(path: Path, aside: Path) -> None:
    """Give the database at `path` a second name, whole in one file; raise `CopyError` while it is in use."""
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as old:
            old.execute("PRAGMA journal_mode=DELETE").fetchall()  # takes in the -wal; needs it alone
    except sqlite3.OperationalError as error:
        raise CopyError(f"{path} is still in use ({error}): stop everything first") from error
    except sqlite3.DatabaseError:
        pass  # what is damaged is put aside as it is
    aside.hardlink_to(path)  # so that at no moment there is no database
