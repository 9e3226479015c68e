"""Two claimers never get the same meter, on SQLite and on PostgreSQL."""

import json
from pathlib import Path

import pytest

from tests.installed import prepared
from tests.servers import new_database

pytestmark = pytest.mark.processes

RUN = "from tests.usage.polls.claimers import main; main()"


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_claimers_at_once_share_the_meters_out(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres") if database == "postgres" else ""
    with prepared(tmp_path, **({"DATABASE_URL": new_database(server)} if server else {})) as raxdash:
        told = json.loads(raxdash.manage("shell", "--verbosity", "0", "--command", RUN).stdout)
    claimed = [pk for claim in told["claims"] for pk in claim]
    assert len(set(claimed)) == len(claimed)
    assert sorted(claimed) == told["meters"]
