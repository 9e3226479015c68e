"""`manage.py restore`: put a backup in the place of the database, which is kept aside."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from raxdash import schema
from raxdash.copies.archive import CopyError, Manifest
from raxdash.copies.quiet import nobody_else
from raxdash.copies.restoring import restore


class Command(BaseCommand):
    """Restore once everything is known to be good and a person, or `--yes`, says so."""

    help = "Replace the database by a backup. The present one is kept aside. Stop web, worker and beat first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the backup, and whether to ask."""
        parser.add_argument("path", type=Path, help="a file that `manage.py backup` wrote")
        parser.add_argument("--yes", "--no-input", "--noinput", action="store_true", help="do not ask")
        parser.add_argument(
            "--lose-secrets", action="store_true", help="restore also where ENCRYPTION_KEYS does not fit"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say where the present database is now and what is to be done next."""
        ask = (lambda _: None) if options["yes"] else self._ask
        try:
            with nobody_else():
                aside = restore(options["path"], ask, lose_secrets=options["lose_secrets"])
        except (CopyError, psycopg.Error) as error:
            raise CommandError(f"raxdash: {error}. Nothing was changed") from error
        self.stdout.write(f"Restored {options['path']}.")
        if aside:
            self.stdout.write(f"The database of before is kept: {aside}")
        if schema.pending_migrations():
            self.stdout.write("It is older than this code: run `./manage.py migrate` before you start.")

    def _ask(self, manifest: Manifest) -> None:
        if not sys.stdin.isatty():
            raise CommandError("It replaces the database: add --yes where nobody can be asked.")
        where = connection.settings_dict["NAME"]
        question = f"Replace the database {where} by the backup of {manifest.made_at}? [y/N] "
        if input(question).strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was changed.")
