"""Runs are found, and forgotten, alike on SQLite and on PostgreSQL."""

from typing import Any

import pytest

from tests.installed import told_by

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What tests/playground/search/storied.py found on one of the databases."""
    server = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    return told_by("tests.playground.search.storied", tmp_path_factory.mktemp("search"), server)


def test_every_question_is_answered_as_a_plain_search_answers_it(told: Any) -> None:
    assert told["differences"] == []


def test_slices_of_what_is_found_are_all_of_it(told: Any) -> None:
    assert told["slices"] == [True, True, True]


def test_letters_are_found_however_they_are_written(told: Any) -> None:
    assert len(set(told["folded"])) == 1
    assert told["folded"][0] != "0"


def test_the_index_is_taken_however_few_rows_there_are(told: Any) -> None:
    assert told["plan"]


def test_what_was_erased_can_be_read_in_no_table(told: Any) -> None:
    assert told["erased"] == {"found": [1, 0], "rows": 0, "raw": []}
