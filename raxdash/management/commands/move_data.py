"""`manage.py move_data`: take everything from SQLite to an empty PostgreSQL, proven on both sides."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from raxdash import schema
from raxdash.copies import moving
from raxdash.copies.archive import CopyError
from raxdash.copies.conversion import INSTEAD
from raxdash.copies.postgres_tables import connected
from raxdash.copies.quiet import nobody_else

# Where an address with a password need not stand on the command line.
VARIABLE = "MOVE_DATA_TO"


class Command(BaseCommand):
    """Move all data, or none."""

    help = "Take everything from SQLite to an empty PostgreSQL database. Stop web, worker and beat first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to."""
        parser.add_argument(
            "--to",
            metavar="URL",
            help=f"postgres://user@host:5432/name; else the environment's {VARIABLE}. "
            "The password may stand in DATABASE_PASSWORD or PGPASSWORD instead.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove the ledger, move, prove it there; say what PostgreSQL did not take as it was."""
        url = options["to"] or os.environ.get(VARIABLE, "")
        given = address(url)
        refuse_start(connection.vendor)
        try:
            with nobody_else():
                self._move(url, given)
        except CopyError as error:
            raise CommandError(f"raxdash: {error}. Nothing was moved") from error
        except psycopg.Error as error:
            raise CommandError(
                f"raxdash: PostgreSQL says: {str(error).strip()}. Nothing was moved"
            ) from error
        self.stdout.write("Moved. Set DATABASE_URL to it and start; the SQLite file stays as it is.")

    def _move(self, url: str, given: dict[str, Any]) -> None:
        self.stdout.write("Proving the ledger here …")
        self._prove(lambda: call_command("ledger", "verify", stdout=self.stdout))
        path = Path(connection.settings_dict["NAME"])
        connection.close()
        with connected(given) as target:
            had_tables = moving.refuse_filled(target)
        try:
            prepare(url)
            with moving.held(path) as source, connected(given) as target:
                found = moving.move(source, target, self._say)
            self.stdout.write("Proving the ledger there …")
            self._prove(lambda: manage(url, "ledger", "verify"))
        except BaseException:
            self._clear(given, had_tables)
            raise
        for where, count in sorted(found.replaced.items()):
            if count:
                self.stdout.write(
                    f"{where}: in {count:,} rows what PostgreSQL keeps in no text became {INSTEAD}"
                )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _prove(self, verify: Any) -> None:
        try:
            verify()
        except SystemExit as error:
            raise CopyError(
                "the ledger is not as it must be (`manage.py ledger rebuild` repairs it)"
            ) from error

    def _clear(self, given: dict[str, Any], had_tables: bool) -> None:
        """Leave the target as empty as it was."""
        with connected(given) as target:
            (moving.empty_again if had_tables else moving.drop_all)(target)


def address(url: str) -> dict[str, Any]:
    """Return how libpq reaches the target; end with a sentence where its address is none of PostgreSQL."""
    if not url.startswith(("postgres://", "postgresql://")):
        raise CommandError(f"--to (or {VARIABLE}) must read postgres://user@host:5432/name")
    try:
        told = dj_database_url.parse(url)
    except (ValueError, dj_database_url.ParseError) as error:
        raise CommandError(f"--to (or {VARIABLE}) cannot be read as an address") from error
    parts = {
        "dbname": told.get("NAME"),
        "user": told.get("USER"),
        "password": told.get("PASSWORD") or os.environ.get("DATABASE_PASSWORD"),
        "host": told.get("HOST"),
        "port": told.get("PORT"),
        "connect_timeout": 10,
    }
    return {name: value for name, value in (parts | told.get("OPTIONS", {})).items() if value}


def refuse_start(vendor: str) -> None:
    """End where the database that is used is not a SQLite one of this version."""
    if vendor != "sqlite":
        raise CommandError("DATABASE_URL names the database to move from: it must be the SQLite one")
    if problem := schema.problem_at_start():
        raise CommandError(f"raxdash: {problem}")


def prepare(url: str) -> None:
    """Make the tables of this version; raise `CopyError` where that is impossible."""
    try:
        manage(url, "migrate", "--no-input", "--verbosity", "0")
    except SystemExit as error:
        raise CopyError("the tables could not be made there") from error


def manage(url: str, *arguments: str) -> None:
    """Run a command on the target; raise `SystemExit` where it fails."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    ended = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False)  # noqa: S603  our own
    if ended.returncode:
        raise SystemExit(ended.returncode)
