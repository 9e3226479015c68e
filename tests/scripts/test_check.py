"""The lanes of `make test` run side by side: what one takes must not be the other's."""

from pathlib import Path

import pytest

from scripts import check
from tests import run_folder
from tests.installation import PORTS_EACH


def ports(command: list[str], environment: dict[str, str]) -> range:
    """Return the ports that a check's processes may take."""
    first = int(environment.get("FIRST_PORT", "20000"))
    return range(first, first + PORTS_EACH * int(command[command.index("--numprocesses") + 1]))


def test_no_two_lanes_share_a_port() -> None:
    tests = [
        ports(command, given)
        for lane in check.LANES
        for _, command, given in lane
        if "--numprocesses" in command
    ]
    assert len(tests) == 2
    one, other = sorted(tests, key=lambda taken: taken.start)
    assert one.stop <= other.start


@pytest.mark.parametrize("name", ["tests", "browser tests"])
def test_no_port_is_one_that_systems_give_to_outgoing_connections(name: str) -> None:
    (found,) = [ports(command, given) for lane in check.LANES for one, command, given in lane if one == name]
    assert found.stop <= 32768


def test_the_lanes_make_once_what_both_need() -> None:
    assert check.RUN_FOLDER == run_folder.NAME


STEADY = "def test_steady():\n    assert True\n"
# Fails where another test runs beside it, and where it runs again passes.
CROWDED = """
def test_crowded(pytestconfig):
    assert not hasattr(pytestconfig, "workerinput")
"""
BROKEN = "def test_broken():\n    assert False\n"
MANY = f"""
import pytest
@pytest.mark.parametrize("number", range({check.MOST_ALONE + 1}))
def test_many(number, pytestconfig):
    assert not hasattr(pytestconfig, "workerinput")
"""


@pytest.mark.parametrize(
    ("written", "passes"), [(CROWDED, True), (CROWDED + BROKEN, False), (MANY, False), ("def", False)]
)
def test_a_few_tests_that_fail_are_tried_once_more_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, passes: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    # The plugins of others take seconds to load, and are not what is tried.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "xdist.plugin")
    Path("test_it.py").write_text(STEADY + written)
    lane = check.tests("tests", "--numprocesses", "1", "test_it.py")
    assert check.run_all([lane]) == [lane]
    assert check.passes_alone(lane) == passes


def test_lint_that_fails_is_not_tried_again() -> None:
    assert not check.passes_alone(("style", ["false"], {}))
