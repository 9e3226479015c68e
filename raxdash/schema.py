"""Tell whether the database is older or newer than this code."""

from collections.abc import Iterable
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


class DatabaseIsNewer(Exception):
    """The database holds migrations that this code does not know."""


def check_not_newer() -> None:
    """Raise `DatabaseIsNewer`, naming one unknown migration, where the database was made by newer code."""
    if unknown := unknown_migrations():
        app, name = unknown[-1]
        raise DatabaseIsNewer(
            f"the database is newer than this code (it has {app}.{name}): "
            "update raxdash, or restore the backup made before the update"
        )


def is_empty() -> bool:
    """Tell whether no migration was applied yet."""
    return not MigrationRecorder(connection).applied_migrations()


def unknown_migrations() -> list[tuple[str, str]]:
    """Return the applied migrations that this code does not have, as app and name; those of new apps too."""
    return unknown_among(MigrationRecorder(connection).applied_migrations())


def unknown_among(applied: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those of the migrations that this code does not have."""
    return sorted(set(applied) - known_migrations() - replaced_migrations())


def pending_migrations() -> list[str]:
    """Return the migrations that are still to be applied, as `app.name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def count_pending() -> int:
    """Return how many migrations are still to be applied, by one query."""
    return len(known_migrations() - MigrationRecorder(connection).applied_migrations().keys())


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this code, read once: to load them takes longer than all else in `/readyz`."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


@cache
def replaced_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations that others of this code stand for: a database may have had them one by one."""
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return frozenset(name for migration in disk.values() for name in migration.replaces)


def words_for(error: Exception) -> str:
    """Return in one line why the database cannot be used. Drivers name server and user, no password."""
    why = str(error).strip().partition("\n")[0] or type(error).__name__
    return f"the database of DATABASE_URL cannot be used: {why}"


def problem_at_start() -> str:
    """Return in one sentence why the processes cannot start on this database, or an empty text."""
    try:
        check_not_newer()
        pending = pending_migrations()
    except DatabaseIsNewer as error:
        return str(error)
    except DatabaseError as error:
        return words_for(error)
    if pending:
        return f"the database is not up to date ({pending[0]} is missing): run `./manage.py migrate`"
    return ""
