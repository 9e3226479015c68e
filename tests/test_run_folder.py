"""What the processes of a run share is made once."""

import multiprocessing
import time
from pathlib import Path
from uuid import uuid4

from tests.installation import wait_until
from tests.run_folder import first_alone, once, run_folder


def made_by_somebody(name: str) -> str:
    """Fill the folder, or take what another process has filled, and return what is in it."""

    def fill(folder: Path) -> None:
        time.sleep(0.2)  # the others arrive meanwhile
        (folder / "who").write_text(uuid4().hex)

    return (once(name, fill) / "who").read_text()


def test_of_processes_that_begin_together_one_makes_it() -> None:
    names = [uuid4().hex] * 3
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert len(set(pool.map(made_by_somebody, names))) == 1


def stay(name: str) -> tuple[float, float]:
    """Be there for a moment, whoever is not the first with the others; return from when to when."""
    with first_alone(name):
        since = time.monotonic()
        (run_folder() / f"{name}.{uuid4().hex}.here").touch()
        if (run_folder() / f"{name}.done").exists():
            wait_until(lambda: len(list(run_folder().glob(f"{name}.*.here"))) == 3, "the others")
        return since, time.monotonic()


def test_the_first_one_goes_ahead_alone_and_the_others_together() -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        stays = sorted(pool.map(stay, [uuid4().hex] * 3, chunksize=1))
    assert stays[0][1] <= stays[1][0]
