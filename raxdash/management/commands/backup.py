"""`manage.py backup`: one file with the whole database, made while everything runs."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from raxdash.copies.archive import CopyError
from raxdash.copies.backing_up import back_up


class Command(BaseCommand):
    """Write a backup, readable by its owner only."""

    help = "Write the whole database, as it is at one moment, to one new file. ENCRYPTION_KEYS is not in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to."""
        parser.add_argument(
            "path", nargs="?", help="a new file, or a folder that is there; DATA_DIR/backups unless given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the file's path; say which encryption keys belong to it."""
        path = place(options["path"])
        try:
            manifest = back_up(path)
        except (CopyError, psycopg.Error) as error:
            raise CommandError(f"raxdash: {error}") from error
        self.stdout.write(str(path))
        if ids := ", ".join(manifest.encryption_keys):
            self.stderr.write(f"Keep ENCRYPTION_KEYS too, elsewhere: its secrets open with {ids} only.")


def place(given: str | None) -> Path:
    """Return the path of the new file."""
    name = f"raxdash-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    if given is None:
        return Path(settings.DATA_DIR) / "backups" / name
    path = Path(given).absolute()
    return path / name if path.is_dir() else path
