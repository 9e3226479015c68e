"""Names decide which tests share a process: they must be names of files."""

import pytest

from tests import scheduling
from tests.conftest import pytest_ignore_collect
from tests.installation import ROOT


def test_every_name_leads_to_tests() -> None:
    names = {*scheduling.LONG, *scheduling.BY_BACKEND, *scheduling.TOGETHER, *scheduling.ALONE}
    assert [name for name in sorted(names) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    ("test", "group"),
    [
        ("tests/usage/polls/test_processes.py::test_polling[embedded]", "polling embedded"),
        ("tests/usage/polls/test_processes.py::test_polling[grown_up]", "polling grown_up"),
        ("tests/usage/polls/test_processes.py::test_killing[grown_up-80]", "polling grown_up"),
        (
            "tests/usage/polls/test_processes.py::test_a_broker",
            "tests/usage/polls/test_processes.py::test_a_broker",
        ),
        ("tests/playground/live/test_live_runs.py::test_it[grown up]", "playground grown up"),
        ("tests/playground/live/shared/test_two_processes.py::test_it", "playground grown up"),
        ("tests/raxdash/test_whole.py::test_it[embedded]", "whole embedded"),
        ("tests/raxdash/test_launch.py::test_it", "tests/raxdash/test_launch.py::test_it"),
        ("tests/usage/explore/test_charts.py::test_it", "tests/usage/explore/test_charts.py"),
    ],
)
def test_those_that_share_an_installation_are_one_group(test: str, group: str) -> None:
    assert scheduling.group_of(test) == group


def test_long_ones_come_first() -> None:
    names = ["tests/rax/test_json.py", "tests/look/test_pages.py", "tests/bench/test_figures.py"]
    assert min(names, key=scheduling.place) == "tests/look/test_pages.py"


@pytest.mark.parametrize(("wanted", "is_left_out"), [("browser", True), ("not browser", None), ("", None)])
def test_files_without_a_browser_are_left_out_where_its_tests_are_wanted(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch, wanted: str, is_left_out: bool | None
) -> None:
    monkeypatch.setattr(pytestconfig.option, "markexpr", wanted)
    assert pytest_ignore_collect(ROOT / "tests/test_scheduling.py", pytestconfig) is is_left_out
    for name in ("tests/look/test_pages.py", "tests/conftest.py", "tests"):
        assert pytest_ignore_collect(ROOT / name, pytestconfig) is None
