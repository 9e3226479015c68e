"""What the processes of a run share is made once."""

import multiprocessing
import time
from pathlib import Path
from uuid import uuid4

from tests.run_folder import once


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
