"""Rows that are written and looked up in bulk are the same on SQLite and on PostgreSQL."""

from typing import Any

import pytest

from tests.common.database.many_rows import AT, MANY, TEXTS
from tests.installed import told_by

pytestmark = pytest.mark.processes

AT_TEXT = str(AT)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What tests/common/database/many_rows.py found on one of the databases."""
    server = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    return told_by("tests.common.database.many_rows", tmp_path_factory.mktemp("many_rows"), server)


def test_every_kind_of_value_comes_back_as_it_went(told: Any) -> None:
    assert told["kinds"] == [
        [slot, slot or None, AT_TEXT, text, AT_TEXT if slot else None, -slot, {text: [slot, None]}, text]
        for slot, text in enumerate(TEXTS)
    ]


def test_rows_that_are_there_are_replaced_added_to_or_left(told: Any) -> None:
    assert told["counted"] == [MANY, [[7, 5], [0, 1], [0, 4]], [[7, 1 << 60]]]


def test_rows_are_updated_by_any_key(told: Any) -> None:
    meter = ["gone\n", AT_TEXT, 0.25, "in a column of another name"]
    assert told["moved"] == [[meter], [[60, None], [None, AT_TEXT], [60, None]]]


def test_long_lists_find_what_they_name(told: Any) -> None:
    assert told["among"] == {
        "uuids": ["a", "c"],
        "texts": ["b"],
        "numbers": ["a"],
        "foreign keys": ["a", "b", "c"],
        "primary foreign keys": ["b"],
        "nothing": [],
        "a queryset": ["a"],
        "the others": ["b", "c"],
    }


def test_a_row_alone_is_written_as_it_would_be_saved(told: Any) -> None:
    assert told["alone"] == [["id", "idempotency_key"], ["id", "idempotency_key"]]
