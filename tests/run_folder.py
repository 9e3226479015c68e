"""A folder for what the processes of one test run make once and share; it goes with the run."""

import atexit
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "RAXDASH_TEST_RUN"


def run_folder() -> Path:
    """Return the folder: the first process makes it, those that it starts find it in their environment."""
    if NAME not in os.environ:
        made = tempfile.TemporaryDirectory(prefix="raxdash-tests-")
        atexit.register(made.cleanup)
        os.environ[NAME] = made.name
    return Path(os.environ[NAME])


def once(name: str, fill: Callable[[Path], object]) -> Path:
    """Return a folder of the run that `fill` has filled, in this process or in another."""
    folder = run_folder() / name
    done = folder.with_suffix(".done")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir(exist_ok=True)
            fill(folder)
            done.touch()
    return folder


@contextmanager
def first_alone(name: str) -> Iterator[None]:
    """Let the first process of the run go ahead alone; the others follow together, and find what it left."""
    done = run_folder() / f"{name}.done"
    with done.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            fcntl.flock(lock, fcntl.LOCK_UN)
        yield
        done.touch()
