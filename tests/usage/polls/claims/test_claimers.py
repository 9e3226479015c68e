"""Two claimers never get the same meter, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from tests.installed import told_by

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_claimers_at_once_share_the_meters_out(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres") if database == "postgres" else ""
    told = told_by("tests.usage.polls.claimers", tmp_path, server)
    claimed = [pk for claim in told["claims"] for pk in claim]
    assert len(set(claimed)) == len(claimed)
    assert sorted(claimed) == told["meters"]
