"""The tests' own configuration does what it promises: a test that hangs fails alone."""

import os
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

from tests.installation import PATIENCE_SECONDS, ROOT, finished
from usage.models.meters.meter import LEASE

# Each in a way of its own: at once, on an event loop, in a fixture's end, in the real browser.
HANGING = """
import asyncio, threading, time
import pytest

def test_it_sleeps(): time.sleep(60)

def test_it_waits_for_a_lock(): threading.Event().wait()

async def test_it_waits_on_the_loop(): await asyncio.sleep(60)

@pytest.fixture
def slow_end():
    yield
    time.sleep(60)

def test_its_fixture_hangs(slow_end): pass

def test_the_next_one_runs(): pass
"""
IN_BROWSER = """
import pytest

@pytest.fixture(scope="session")
def browser_type_launch_args():
    from tests.browser import launch_options
    return launch_options()

@pytest.mark.timeout(1, func_only=True)
def test_it_waits_for_nothing(browser): browser.new_page().wait_for_timeout(60_000)

def test_the_next_one_has_a_browser(browser): assert browser.new_page().evaluate("1 + 1") == 2
"""
CHAOTIC = """
import pytest

@pytest.mark.chaos
def test_it_takes_long(): pass

def test_it_does_not(): pass
"""


def run_tests(folder: Path, source: str, *options: str) -> tuple[dict[str, int], str]:
    """Run some tests with this project's configuration; return how many ended how, and all that was said."""
    (folder / "test_it.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    result = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-o", "timeout=1", *options, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    summary = result.stdout.splitlines()[-1]
    words = summary.strip("= ").partition(" in ")[0].split(", ")
    counts = {kind.removesuffix("s"): int(count) for count, kind in (word.split() for word in words)}
    return counts, result.stdout + result.stderr


def test_every_test_is_bounded(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.hasplugin("timeout")
    assert pytestconfig.getini("timeout") == "300"


def test_an_example_may_take_its_time_on_a_busy_machine() -> None:
    assert hypothesis.settings.default.deadline is None
    assert hypothesis.HealthCheck.too_slow in hypothesis.settings.default.suppress_health_check


def test_who_waits_for_a_process_waits_longer_than_a_lost_message_takes() -> None:
    assert LEASE.total_seconds() + 60 < PATIENCE_SECONDS


@pytest.mark.processes
def test_what_hangs_fails_and_the_next_one_runs(tmp_path: Path) -> None:
    counts, told = run_tests(tmp_path, HANGING, "--numprocesses", "1")
    assert counts == {"failed": 3, "passed": 2, "error": 1}, told
    assert told.count("Timeout (>1.0s) from pytest-timeout") >= 4


@pytest.mark.browser
def test_a_browser_that_waits_for_nothing_is_given_up(tmp_path: Path) -> None:
    counts, told = run_tests(tmp_path, IN_BROWSER, "-o", "timeout=60")
    assert counts == {"failed": 1, "passed": 1}, told


@pytest.mark.processes
@pytest.mark.parametrize(
    ("expression", "run"), [("not browser", "test_it_does_not"), ("chaos", "test_it_takes_long")]
)
def test_chaos_is_run_only_where_it_is_named(tmp_path: Path, expression: str, run: str) -> None:
    counts, told = run_tests(tmp_path, CHAOTIC, "--verbose", "-p", "tests.conftest", "-m", expression)
    assert counts == {"passed": 1, "deselected": 1}, told
    assert f"{run} PASSED" in told


@pytest.mark.processes
@pytest.mark.chaos
def test_they_run_on_a_server_s_database_too(postgres: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/raxdash/pages/test_dots.py",
    ]
    result = finished(command, {**os.environ, "DATABASE_URL": postgres})
    assert result.returncode == 0, result.stdout + result.stderr
