"""What passes by itself is told from a mistake of ours, by what real databases say."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError
from django.db.utils import DatabaseErrorWrapper

from common.database.faults import is_passing, name_of
from tests.installation import free_port

type Act = Callable[[sqlite3.Connection], object]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE thing (id)")
    return path


def raised(act: Callable[[], object], driver: Any = sqlite3) -> DatabaseError:
    """Return what Django makes of the error of a driver."""
    wrapper = DatabaseErrorWrapper(SimpleNamespace(Database=driver, errors_occurred=False))
    with pytest.raises(DatabaseError) as caught, wrapper:
        act()
    return caught.value


def when_locked(file: Path) -> DatabaseError:
    with closing(sqlite3.connect(file)) as other, closing(sqlite3.connect(file, timeout=0)) as database:
        other.execute("BEGIN EXCLUSIVE")
        return raised(lambda: database.execute("INSERT INTO thing VALUES (1)"))


def when_full(file: Path) -> DatabaseError:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA max_page_count = 3")
        return raised(lambda: database.execute("INSERT INTO thing VALUES (?)", ["x" * 100_000]))


def when_read_only(file: Path) -> DatabaseError:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return raised(lambda: database.execute("INSERT INTO thing VALUES (1)"))


def when_out_of_reach(file: Path) -> DatabaseError:
    return raised(lambda: sqlite3.connect(file / "below-a-file"))


def when_cut_off(file: Path) -> DatabaseError:
    with closing(sqlite3.connect(file)) as database:
        database.set_progress_handler(lambda: 1, 1)
        return raised(lambda: database.execute("SELECT * FROM thing, thing, thing").fetchall())


@pytest.mark.parametrize(
    ("cause", "name"),
    [
        (when_locked, "SQLITE_BUSY"),
        (when_full, "SQLITE_FULL"),
        (when_read_only, "SQLITE_READONLY"),
        (when_out_of_reach, "SQLITE_CANTOPEN"),
        (when_cut_off, "SQLITE_INTERRUPT"),
    ],
)
def test_a_sqlite_file_that_is_busy_or_full_passes(
    file: Path, cause: Callable[[Path], DatabaseError], name: str
) -> None:
    error = cause(file)
    assert (is_passing(error), name_of(error)) == (True, name)


@pytest.mark.parametrize("sql", ["SELECT * FROM nothing", "SELECT nothing FROM thing", "SELEKT"])
def test_a_mistake_of_ours_does_not_pass(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        assert not is_passing(raised(lambda: database.execute(sql)))


@pytest.fixture
def server(postgres: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres, autocommit=True) as opened:
        yield opened


def refused(act: Callable[[], object]) -> DatabaseError:
    return raised(act, psycopg)


def test_what_a_server_cannot_do_now_passes(server: psycopg.Connection) -> None:
    cut_off = refused(lambda: server.execute("SET statement_timeout = 1; SELECT pg_sleep(5)"))
    assert (is_passing(cut_off), name_of(cut_off)) == (True, "QueryCanceled")
    server.execute("SET default_transaction_read_only = on")
    assert is_passing(refused(lambda: server.execute("CREATE TABLE thing (id int)")))
    assert not is_passing(refused(lambda: server.execute("SELECT * FROM nothing")))


def test_a_lost_connection_passes(server: psycopg.Connection, postgres: str) -> None:
    with psycopg.connect(postgres) as other:
        server.execute("SELECT pg_terminate_backend(%s)", [other.info.backend_pid])
        assert name_of(refused(lambda: other.execute("SELECT 1"))) == "AdminShutdown"
        assert is_passing(refused(lambda: other.execute("SELECT 1")))  # "the connection is closed"


def test_a_server_that_is_not_there_passes() -> None:
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    assert is_passing(refused(lambda: psycopg.connect(url)))


def test_what_was_made_of_a_passing_error_passes_too(file: Path) -> None:
    deleted = ValueError("the session was deleted")
    deleted.__context__ = when_locked(file)
    assert is_passing(deleted)
    assert not is_passing(ValueError())
