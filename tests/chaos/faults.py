"""Faults of a machine, each real: a host that is silent, a server that hangs, a full disk."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.town import Town

DISK_MEGABYTES = 400
BLOCK = 4096


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a small disk on a folder, which must be empty. Only root may."""
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m,mode=0777", "raxdash-chaos", folder],
        check=True,
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Fill the disk of a folder to its last byte meanwhile."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        block = b"\0" * BLOCK
        try:
            while file.write(block) == len(block):
                pass
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def stopped_postgres(town: Town) -> Iterator[None]:
    """Have no PostgreSQL meanwhile; its connections are cut."""
    assert town.postgres
    town.postgres.stop()
    try:
        yield
    finally:
        town.postgres.start()
