"""A SQLite installation goes to PostgreSQL with all it has, and goes on there; or nothing of it goes."""

import signal
from pathlib import Path

import psycopg
import pytest

from tests.installation import Installation, wait_until
from tests.installed import installed_for_alice, migrated_database, prepared
from tests.playground.visitor import Visitor
from tests.servers import fresh_database

pytestmark = pytest.mark.processes

COUNTED = (
    *("playground_run", "playground_searchtext", "usage_rawpoll", "usage_knot", "usage_quarter"),
    *("teams_key", "django_session"),
)


def counts(raxdash: Installation) -> list[int]:
    return [raxdash.rows(f"SELECT count(*) FROM {table}")[0][0] for table in COUNTED]


def test_an_installation_goes_on_in_postgresql(tmp_path: Path, postgres: str) -> None:
    target = fresh_database(postgres)
    with installed_for_alice(tmp_path, POLL_INTERVAL_SECONDS="10") as raxdash, Visitor(raxdash) as alice:
        raxdash.start_worker()
        run = alice.run("Say a word. [[say:café 👩]]")
        alice.wait_for_end(run)
        wait_until(lambda: raxdash.rows("SELECT 1 FROM usage_rawpoll"), lambda: f"a poll {raxdash.logs()}")
        refused = raxdash.try_manage("move_data", "--to", target)
        assert refused.returncode == 1
        assert "still at work on" in refused.stderr
        raxdash.kill("worker", signal.SIGTERM)
        raxdash.kill("web", signal.SIGTERM)
        # A gap at the end: the number of a row that is gone is given to no other.
        raxdash.write("DELETE FROM teams_auditentry")
        before = counts(raxdash)
        raxdash.environment["MOVE_DATA_TO"] = target
        told = raxdash.manage("move_data").stdout
        assert told.count("all is as it must be.") == 2
        assert "usage_rawpoll: " in told
        raxdash.environment["DATABASE_URL"] = target
        assert counts(raxdash) == before
        assert raxdash.rows("SELECT count(*) FROM playground_searchtext WHERE lexemes IS NOT NULL") == [(1,)]
        raxdash.start_web()
        row = alice.wait_for_end(alice.run("And another one."))  # with the session of before
        assert row["state"] == "completed"
        assert "Main key: " in raxdash.manage("poll").stdout
        assert raxdash.rows("SELECT nextval(pg_get_serial_sequence('teams_auditentry', 'id'))")[0][0] > 1
        again = raxdash.try_manage("move_data")
        assert "must be the SQLite one" in again.stderr


@pytest.fixture
def target(postgres: str) -> str:
    """A database that was migrated before: the command need not do it."""
    return migrated_database(postgres)


def tables_of(url: str) -> int:
    with psycopg.connect(url) as database:
        ((count,),) = database.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    return int(count)


def refusal(raxdash: Installation, target: str) -> str:
    result = raxdash.try_manage("move_data", "--to", target)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    return result.stderr


def test_what_cannot_go_is_named_and_nothing_goes_until_it_can(tmp_path: Path, target: str) -> None:
    create = "from teams.models import Team; Team.objects.create(name='x' * 81, slug='acme')"
    with prepared(tmp_path) as raxdash:
        raxdash.manage("shell", "--command", create)
        before = tables_of(target)
        said = refusal(raxdash, target)
        assert "teams_team.name: 1 (81 characters where 80 fit, first in the row 1)" in said
        assert "Nothing was moved" in said
        assert tables_of(target) == before
        raxdash.write("UPDATE teams_team SET name = 'A' || char(0) || 'cme'")
        told = raxdash.manage("move_data", "--to", target).stdout
        in_text = "in 1 rows what PostgreSQL keeps in no text became \N{REPLACEMENT CHARACTER}"
        assert f"teams_team.name: {in_text}" in told
        raxdash.environment["DATABASE_URL"] = target
        assert raxdash.rows("SELECT name FROM teams_team") == [("A\N{REPLACEMENT CHARACTER}cme",)]


def test_a_row_that_refers_to_none_is_named_and_no_table_is_left(tmp_path: Path, postgres: str) -> None:
    target = fresh_database(postgres)
    with prepared(tmp_path) as raxdash:
        raxdash.write("INSERT INTO teams_label (team_id, name, folded) VALUES (99, 'lost', 'lost')")
        assert "rows that refer to none: teams_label row 1 to teams_team" in refusal(raxdash, target)
        assert tables_of(target) == 0


def test_a_target_with_rows_is_refused(tmp_path: Path, target: str) -> None:
    with prepared(tmp_path) as raxdash:
        with psycopg.connect(target) as database:
            database.execute("INSERT INTO django_session VALUES ('key', 'data', '2026-01-01')")
        assert "the target is not empty: django_session has rows" in refusal(raxdash, target)


@pytest.mark.parametrize("to", ["", "sqlite:///x", "postgres://[/x", "postgres://nobody@127.0.0.1:9/x"])
def test_an_address_that_leads_nowhere_is_told_in_one_line(tmp_path: Path, to: str) -> None:
    with prepared(tmp_path) as raxdash:
        assert refusal(raxdash, to).strip().count("\n") <= 2
