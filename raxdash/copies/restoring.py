"""Put a backup in the place of the database that Django uses, which is kept aside."""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from django.db import connection

from raxdash import schema
from raxdash.copies import postgres_restore, seals, sqlite_files
from raxdash.copies.archive import CopyError, Manifest, disk_words, opened

type Confirm = Callable[[Manifest], None]


def restore(path: Path, confirm: Confirm, *, lose_secrets: bool = False) -> str:
    """Restore a backup once all of it is known to be good and `confirm` lets it; say what was kept aside.

    Raises `CopyError` where that is impossible; then nothing was changed.
    """
    with opened(path) as (archive, manifest):
        refuse_other_engine(manifest)
        refuse_newer(manifest)
        check = ignore if lose_secrets else refuse_lost
        if connection.vendor == "sqlite":
            return restore_file(archive, lambda: confirm(manifest), check)
        return postgres_restore.restore_tables(archive, manifest, lambda: confirm(manifest), check)


def restore_file(archive: ZipFile, confirm: Callable[[], None], check: seals.Check) -> str:
    """Replace the SQLite file by that of a backup; return what the old one is called now, if any."""
    path = Path(connection.settings_dict["NAME"])
    aside = path.with_name(f"{path.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    with (
        disk_words(path.parent),
        tempfile.TemporaryDirectory(prefix=".raxdash-restore-", dir=path.parent) as place,
    ):
        new = Path(place) / sqlite_files.MEMBER
        sqlite_files.extract(archive, new)
        with closing(sqlite3.connect(new)) as database:
            check(database.execute(seals.SECRETS).fetchall())
        confirm()
        connection.close()
        return str(aside) if sqlite_files.replace(path, new, aside) else ""


def refuse_other_engine(manifest: Manifest) -> None:
    """A backup of one kind of database is not restored to the other."""
    if manifest.engine != connection.vendor:
        raise CopyError(
            f"the backup is of a {manifest.engine} database, DATABASE_URL names a {connection.vendor} one: "
            "restore it to one of its kind (`manage.py move_data` takes SQLite to PostgreSQL)"
        )


def refuse_newer(manifest: Manifest) -> None:
    """A backup that newer code made is not restored by this code."""
    if unknown := schema.unknown_among((app, name) for app, name in manifest.migrations):
        app, name = unknown[-1]
        raise CopyError(f"the backup is newer than this code (it has {app}.{name}): update raxdash first")


def refuse_lost(rows: seals.Rows) -> None:
    """A backup whose secrets do not open is not restored unasked."""
    if counts := seals.lost(rows):
        raise CopyError(
            f"{seals.sentence(counts)}. Set the keys that belong to this backup, or add --lose-secrets: "
            "then the secrets of these keys must be pasted again, and no number is lost"
        )


def ignore(rows: seals.Rows) -> None:
    """Take a backup whose secrets do not open, as the operator said."""
