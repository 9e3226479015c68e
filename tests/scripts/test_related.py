"""`make check` finds the tests that belong to a file, the nearest first."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import related
from scripts.related import ALWAYS
from tests.installation import ROOT

TestsOf = Callable[[str], list[str]]


@pytest.fixture
def tests_of(tree: Path) -> TestsOf:
    """The tests of one file, but for those of everything."""
    return lambda path: [test for test in related.tests_of([path], tree) if test not in ALWAYS]


def test_a_test_that_changed_comes_first(tree: Path) -> None:
    both = ["usage/ledger/_grid.py", "tests/usage/test_pages.py"]
    assert related.tests_of(both, tree)[:3] == ["tests/usage/test_pages.py", *ALWAYS]


@pytest.mark.parametrize("test", ["tests/test_it.py", "tests/usage/ledger/deep/test_it.py"])
def test_a_test_may_lie_anywhere_below_their_folder(tree: Path, test: str) -> None:
    (tree / test).parent.mkdir(parents=True, exist_ok=True)
    (tree / test).touch()
    assert related.tests_of([test], tree) == [test, *ALWAYS]


def test_those_of_its_name_then_those_that_import_it_then_those_beside(tests_of: TestsOf) -> None:
    assert tests_of("usage/ledger/_grid.py") == [
        "tests/usage/ledger/test_grid_edges.py",
        "tests/usage/ledger/test_rules.py",
    ]
    assert tests_of("usage/pages.py")[0] == "tests/usage/test_pages.py"


def test_who_imports_it_through_its_package_counts_too(tests_of: TestsOf) -> None:
    assert tests_of("usage/ledger/fold.py")[-1] == "tests/usage/test_package.py"


def test_what_tests_share_leads_to_those_that_import_it(tests_of: TestsOf) -> None:
    assert tests_of("tests/cast.py") == ["tests/usage/test_pages.py", "tests/usage/test_relative.py"]


def test_a_template_leads_to_the_tests_of_the_module_that_names_it(tests_of: TestsOf) -> None:
    assert tests_of("templates/usage/page.html")[0] == "tests/usage/test_pages.py"


def test_a_test_that_was_deleted_is_not_run(tree: Path) -> None:
    gone = "tests/usage/test_pages.py"
    (tree / gone).unlink()
    assert gone not in related.tests_of([gone], tree)


def test_nothing_that_changed_needs_no_tests(tree: Path) -> None:
    assert related.tests_of([], tree) == []


def test_the_tests_for_everything_are_there() -> None:
    assert all((ROOT / path).exists() for path in related.ALWAYS)
