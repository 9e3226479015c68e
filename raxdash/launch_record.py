"""What `make run` wrote down of itself, for commands in another shell to see what it sees.

A record counts only while its `make run` lives, which holds a lock on the same folder. Whatever the
environment says comes first; in production nothing is read. `scripts/launch.py` writes it.

Nor does it count where somebody else wrote it: a folder under `/tmp` that is gone may be anybody's tomorrow,
and would say where keys are sent.
"""

import fcntl
import json
import os
from collections.abc import Collection, Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path

LOCK, RECORD, LINKS = "launch.lock", "launch.json", "launches"


@dataclass(frozen=True, slots=True)
class Record:
    """The settings of a `make run`, and the names of those that hold secrets and were not written down."""

    settings: dict[str, str]
    withheld: list[str]


def adopt(environment: MutableMapping[str, str], root: Path) -> list[str]:
    """Set what is not set as the running `make run` has it; return what a person must set to be like it."""
    if environment.get("ENVIRONMENT", "").strip() not in {"", "local"}:
        return []
    trusted = {0, os.geteuid(), root.stat().st_uid}
    record = find(environment.get("DATA_DIR", "").strip(), root / "var", trusted)
    if record is None:
        return []
    for name, value in record.settings.items():
        if not environment.get(name, "").strip():
            environment[name] = value
    return [name for name in record.withheld if not environment.get(name, "").strip()]


def find(given: str, own: Path, trusted: Collection[int]) -> Record | None:
    """Return the record of the folder given; else of the checkout's own, its demo's, or the only other."""
    if given:
        return read(Path(given), trusted)
    for folder in (own, own / "demo"):
        if record := read(folder, trusted):
            return record
    others = [record for folder in linked(own / LINKS) if (record := read(folder, trusted))]
    return others[0] if len(others) == 1 else None


def linked(links: Path) -> Iterator[Path]:
    """Yield the folders elsewhere that this checkout was started on."""
    return (link for link in links.glob("*") if link.is_symlink())


def read(folder: Path, trusted: Collection[int]) -> Record | None:
    """Return what a trusted user wrote in a folder; None where nothing runs on it, or nothing can be read."""
    if not is_running(folder):
        return None
    try:
        with (folder / RECORD).open("rb") as file:
            if os.fstat(file.fileno()).st_uid not in trusted:
                return None
            found = json.load(file)
        return Record(dict(found["settings"]), list(found["withheld"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_running(folder: Path) -> bool:
    """Tell whether a `make run` has this folder: its lock ends with it, however it ends."""
    try:
        with (folder / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False
