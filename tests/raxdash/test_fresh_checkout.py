"""In a fresh checkout any test runs by itself, and of processes that start together one builds at a time."""

import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from raxdash.management.commands.prepare import alone_in
from tests.installation import ROOT

pytestmark = pytest.mark.processes
BYTECODE = {"__pycache__", "*.pyc"}
NO_PAGE_TEST = "tests/rax/test_json.py"
# It renders in its own process, and needs no database, which would take longer.
PAGE_TEST = (
    "tests/raxdash/pages/test_errors.py::test_a_stranger_is_told_an_error_of_ours_and_no_database_is_asked"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the tree without what git ignores (but for bytecode), the browser's packages installed."""
    ignored = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()} - BYTECODE
    shutil.copytree(ROOT, tmp_path / "raxdash", ignore=shutil.ignore_patterns(".git", *ignored))
    (tmp_path / "raxdash" / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path / "raxdash"


def run(checkout: Path, *command: str) -> None:
    """Run a Python command in the checkout, with nothing set that a test run has set here."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(checkout.parent)}
    result = subprocess.run(
        [sys.executable, *command], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_first_page_that_is_tested_builds_what_it_needs(checkout: Path) -> None:
    for test, is_built in ((NO_PAGE_TEST, False), (PAGE_TEST, True)):
        run(checkout, "-m", "pytest", "-q", test)
        assert (checkout / "build" / "static" / "staticfiles.json").exists() == is_built


def stay(folder: str) -> tuple[float, float]:
    """Be alone in a folder for a moment; return from when to when."""
    with alone_in(Path(folder)):
        since = time.monotonic()
        time.sleep(0.05)
        return since, time.monotonic()


def test_of_processes_that_build_at_once_each_is_alone(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        stays = sorted(pool.map(stay, [str(tmp_path / "build")] * 6, chunksize=1))
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(stays))
