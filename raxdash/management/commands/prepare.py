"""Make this machine ready to start: database, static files, and for the demo its history."""

import fcntl
import hashlib
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from raxdash import schema
from raxdash.management.commands.build_assets import used_classes
from raxdash.work import broker

STAMP = "prepared-static"


class Command(BaseCommand):
    """Migrate, build static files, and say in one line what stands in the way."""

    help = "Migrate the database and build static files, where that is still to be done."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--demo` (fill the demo's history) and `--static-only`."""
        parser.add_argument("--demo", action="store_true", help="fill the demo's history too")
        parser.add_argument("--static-only", action="store_true", help="leave the database alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is missing."""
        self.build_static_files()
        if options["static_only"]:
            return
        self.migrate()
        broker.prepare()
        if options["demo"]:
            call_command("demo")

    def migrate(self) -> None:
        """Bring the database up to date; refuse one that is newer than the code."""
        try:
            schema.check_not_newer()
            pending = schema.pending_migrations()
        except schema.DatabaseIsNewer as error:
            raise SystemExit(f"raxdash: {error}") from error
        if pending:
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)

    def build_static_files(self) -> None:
        """Collect, hash and compress the static files, unless nothing changed since the last time."""
        if static_files_are_current():  # also where nothing may be written, as in a container
            return
        with alone_in(settings.STATIC_ROOT.parent):
            if static_files_are_current():
                return  # somebody else has built them meanwhile
            now = static_fingerprint()
            self.stdout.write("Building static files …")
            call_command("build_assets")
            # Files of before stay: a server that is running may still be asked for them.
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp().write_text(now)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process builds in this folder, and keep others waiting meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # it ends with the process, however that ends
        yield


def stamp() -> Path:
    """Return the file that says from what the static files were built."""
    return settings.STATIC_ROOT.parent / STAMP


def static_files_are_current() -> bool:
    """Tell whether the static files were built from what they are made from now."""
    return stamp().exists() and stamp().read_text() == static_fingerprint()


def static_fingerprint() -> str:
    """Return a hash over names and contents of everything that static files are made from."""
    sources = [settings.BASE_DIR / "package-lock.json", Path(__file__).with_name("build_assets.py")]
    sources += [
        settings.BASE_DIR / "raxdash" / "assets" / name
        for name in ("bundles.py", "storage.py", "stylesheets.py")
    ]
    sources += sorted(path for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file())
    told = hashlib.sha256()
    for path in sources:
        # Not its time: in an image that is rounded.
        told.update(f"{path}:{path.stat().st_size}\n".encode() + path.read_bytes())
    told.update(" ".join(sorted(used_classes())).encode())
    return told.hexdigest()
