"""Which processes run on this data folder: each holds a lock for as long as it lives, however it ends.

Whoever replaces the database holds all of these locks alone: what runs is named, and what starts meanwhile
does not begin.
"""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

ROLES = ("web", "worker", "beat")

_announced: list[IO[str]] = []


class InUse(Exception):
    """Processes run on the data folder, or somebody replaces the database; the message says which."""


def announce(role: str) -> None:
    """Hold this role's lock until the process ends. Raise `InUse` while somebody replaces the database."""
    try:
        file = lock_of(role).open("a")
    except OSError:
        return  # a folder that cannot be written is nobody's to lock; all data are elsewhere
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise InUse("its data are being restored or moved: start again when that is done") from error
    _announced.append(file)


@contextmanager
def alone() -> Iterator[None]:
    """Keep web, worker and beat from starting; raise `InUse`, naming them, where some run."""
    with ExitStack() as locks:
        running = [role for role in ROLES if not taken(role, locks)]
        if running:
            raise InUse(f"still at work on {settings.DATA_DIR}: {', '.join(running)}; stop everything first")
        yield


def taken(role: str, locks: ExitStack) -> bool:
    """Take a role's lock alone, given back with `locks`; tell whether nobody else had it."""
    file = locks.enter_context(lock_of(role).open("a"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_of(role: str) -> Path:
    """Return the file that is locked."""
    folder: Path = settings.DATA_DIR
    return folder / f"{role}.lock"
