"""Make a backup of the database that Django uses, while others write to it."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import psycopg
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from raxdash.copies import postgres_tables, sqlite_files
from raxdash.copies.archive import Manifest, disk_words, new_archive, write_manifest
from teams.models import Key


def back_up(path: Path) -> Manifest:
    """Write a backup to a new file; return what it holds. Raise `CopyError` where that is impossible."""
    with disk_words(path.parent), new_archive(path) as archive:
        manifest = describe()
        if connection.vendor == "sqlite":
            add_file(archive, path.parent)
        else:
            add_tables(archive, manifest)
        write_manifest(archive, manifest)
    return manifest


def describe() -> Manifest:
    """Return what is told of the present database in its backup."""
    ids = Key.objects.exclude(ciphertext=b"").values_list("encryption_key_id", flat=True)
    return Manifest(
        engine=connection.vendor,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        migrations=sorted(map(list, MigrationRecorder(connection).applied_migrations())),
        encryption_keys=sorted(set(ids)),
    )


def add_file(archive: ZipFile, folder: Path) -> None:
    """Add a copy of the SQLite file, made beside the backup."""
    with tempfile.TemporaryDirectory(prefix=".raxdash-backup-", dir=folder) as place:
        copy = Path(place) / sqlite_files.MEMBER
        sqlite_files.snapshot(Path(connection.settings_dict["NAME"]), copy)
        archive.write(copy, sqlite_files.MEMBER)


def add_tables(archive: ZipFile, manifest: Manifest) -> None:
    """Add the rows of all tables as they were at one moment."""
    with postgres_tables.connected(postgres_tables.parameters()) as database:
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        database.read_only = True
        for table, columns in postgres_tables.tables(database).items():
            names = [column.name for column in columns]
            rows = add_table(archive, database, table, names)
            manifest.tables[table] = {"columns": names, "rows": rows}
        # Read last: a number that was given meanwhile is only too large.
        manifest.sequences = postgres_tables.sequences(database)


def add_table(archive: ZipFile, database: psycopg.Connection, table: str, columns: list[str]) -> int:
    """Add the rows of one table; return how many."""
    words = postgres_tables.statement("COPY (SELECT {columns} FROM {table}) TO STDOUT", table, columns)
    with database.cursor() as cursor, archive.open(f"tables/{table}", "w", force_zip64=True) as member:
        with cursor.copy(words) as copy:
            for block in copy:
                member.write(block)
        return cursor.rowcount
