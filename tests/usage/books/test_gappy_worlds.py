"""Worlds with long gaps are stored as the fold says, on both databases, and rebuilt as they were."""

import pytest

from tests.installed import told_by
from tests.usage.books.gappy_worlds import try_world


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(100, 125))
def test_any_order_of_any_answers_makes_the_same_rows(seed: int) -> None:
    try_world(seed)


@pytest.mark.chaos
@pytest.mark.django_db
@pytest.mark.parametrize("first", range(1_000, 1_300, 100))
def test_any_order_makes_the_same_rows_in_hundreds_of_worlds(first: int) -> None:
    for seed in range(first, first + 100):
        try_world(seed)


@pytest.mark.processes
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_both_databases_hold_the_same(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, database: str
) -> None:
    server = request.getfixturevalue("postgres") if database == "postgres" else ""
    found = told_by("tests.usage.books.gappy_worlds", tmp_path_factory.mktemp("gappy"), server)
    assert found["quarters"] > 100
    assert found["stretches"] > 30
