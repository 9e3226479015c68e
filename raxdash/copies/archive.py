"""The file of a backup: a zip of the database and a manifest, for its owner's eyes, whole or not there."""

import errno
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
COMPRESSION = 3  # higher takes much longer for little


class CopyError(Exception):
    """A copy cannot be made, read or put in place; the message says why, in a sentence for the operator."""


@dataclass(slots=True)
class Manifest:
    """What a backup holds, and what must be there to use it."""

    engine: str  # "sqlite" or "postgresql"
    made_at: str
    migrations: list[list[str]]
    encryption_keys: list[str]  # ids of those that sealed its secrets; never the keys
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)  # columns and rows; SQLite's is a file
    sequences: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT


@contextmanager
def new_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Yield a zip to fill, which stands at `path` once it is complete and on the disk, and not before."""
    if path.exists():
        raise CopyError(f"{path} is there already: a backup overwrites nothing")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)  # 600
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        Path(partial).rename(path)
        keep_names(path.parent)
    finally:
        Path(partial).unlink(missing_ok=True)


@contextmanager
def disk_words(folder: Path) -> Iterator[None]:
    """Say in a sentence where a disk or a folder cannot take a copy."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        is_full = getattr(error, "errno", 0) in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} or "full" in str(
            error
        )
        reason = "there is no room left on the disk" if is_full else str(error)
        raise CopyError(f"{folder}: {reason}; nothing is left of the copy") from error


def keep_names(folder: Path) -> None:
    """Write a folder's names to the disk: a file that was renamed into it stays after a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Add the manifest, last of all."""
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Yield a backup and its manifest; raise `CopyError` where it is none, or is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read(MANIFEST))
            if told.get("format") != FORMAT:
                raise CopyError(f"{path} is a backup of a kind that this version does not know")
            yield archive, Manifest(**told)
    except FileNotFoundError as error:
        raise CopyError(f"{path} is not there") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        raise CopyError(f"{path} is no backup of raxdash, or is damaged: {error}") from error
