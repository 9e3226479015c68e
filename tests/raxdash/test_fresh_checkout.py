"""In a fresh checkout any test runs by itself, and those that start together build its static files once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation import ROOT

pytestmark = pytest.mark.processes
NO_PAGE_TEST = "tests/rax/test_json.py"
# It renders in its own process.
PAGE_TEST = "tests/raxdash/test_errors.py::test_a_refusal_says_why_and_keeps_the_menu"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the tree without anything that git ignores, and with the browser's packages installed."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]
    shutil.copytree(ROOT, tmp_path / "raxdash", ignore=shutil.ignore_patterns(".git", *ignored))
    (tmp_path / "raxdash" / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path / "raxdash"


def start(checkout: Path, *command: str) -> subprocess.Popen[str]:
    """Start a Python command in the checkout, with nothing set that a test run has set here."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(checkout.parent)}
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    """Return what the process printed; fail where it failed."""
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0, told
    return told


def test_the_first_page_that_is_tested_builds_what_it_needs(checkout: Path) -> None:
    for test, is_built in ((NO_PAGE_TEST, False), (PAGE_TEST, True)):
        said(start(checkout, "-m", "pytest", "-q", test))
        assert (checkout / "build" / "static" / "staticfiles.json").exists() == is_built


def test_of_several_that_prepare_at_once_one_builds(checkout: Path) -> None:
    several = [start(checkout, "manage.py", "prepare", "--static-only") for _ in range(2)]
    told = [said(process) for process in several]
    assert sorted(told) == ["", "Building static files …\n"]
