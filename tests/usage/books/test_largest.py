"""However much the keys of a team tell, what they come to together can be stored and shown."""

import pytest

from tests.installed import told_by
from tests.usage.books.largest_counters import KEYS, STEP
from usage.ledger.adding import LARGEST

MOST_KEYS = 1_000


def test_what_a_thousand_keys_come_to_fits_into_a_column() -> None:
    assert MOST_KEYS * LARGEST < 1 << 63


@pytest.mark.processes
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_both_databases_add_up_the_largest_counters(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, database: str
) -> None:
    server = request.getfixturevalue("postgres") if database == "postgres" else ""
    found = told_by("tests.usage.books.largest_counters", tmp_path_factory.mktemp("largest"), server)
    most = KEYS * 2 * STEP
    assert found == {"days": most, "shown": most, "claim": "matches the provider"}
