"""No statement lasts for ever, on either database, and a server that says nothing is given up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from common.database.backends.postgresql import base as postgresql
from common.database.faults import is_passing, name_of
from tests.relay import relay

pytestmark = pytest.mark.django_db
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
OTHERS = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "TIME_ZONE": None, "TEST": {}}


@contextmanager
def connected(url: str, engine: str, **options: Any) -> Iterator[BaseDatabaseWrapper]:
    settings: dict[str, Any] = {**dj_database_url.parse(url), **OTHERS, "OPTIONS": options}
    database = load_backend(engine).DatabaseWrapper(settings)
    try:
        yield database
    finally:
        database.close()


def error_of(database: BaseDatabaseWrapper, sql: str) -> OperationalError:
    with database.cursor() as cursor, pytest.raises(OperationalError) as caught:
        cursor.execute(sql).fetchall()
    return caught.value


def test_a_file_interrupts_what_lasts_too_long(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/file.sqlite3"
    with connected(url, "common.database.backends.sqlite3", statement_seconds=0.2) as database:
        error = error_of(database, ENDLESS)
        assert (is_passing(error), name_of(error)) == (True, "SQLITE_INTERRUPT")
        assert not is_passing(error_of(database, "SELECT * FROM nothing"))


def test_a_server_ends_what_lasts_too_long(postgres: str) -> None:
    with connected(postgres, "common.database.backends.postgresql", statement_seconds=1) as database:
        assert name_of(error_of(database, "SELECT pg_sleep(60)")) == "QueryCanceled"
        with database.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("1s",)


@pytest.mark.parametrize("given", [{}, {"statement_seconds": 1}])
def test_a_server_compiles_no_query(postgres: str, given: dict[str, int]) -> None:
    with (
        connected(postgres, "common.database.backends.postgresql", **given) as database,
        database.cursor() as cursor,
    ):
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_what_the_address_says_counts(postgres: str) -> None:
    given = {"statement_seconds": 1, "options": "-c statement_timeout=7s"}
    with (
        connected(postgres, "common.database.backends.postgresql", **given) as database,
        database.cursor() as cursor,
    ):
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("7s",)


def test_a_server_that_falls_silent_is_given_up(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "GRACE_SECONDS", -0.5)
    engine, given = "common.database.backends.postgresql", {"statement_seconds": 1, "connect_timeout": 2}
    with relay(postgres) as (server, url), connected(url, engine, **given) as database:
        database.ensure_connection()
        server.silence()
        error = error_of(database, "SELECT 1")
        assert (is_passing(error), str(error)) == (True, "the server did not answer in time")
        with connected(url, engine, **given) as another, pytest.raises(OperationalError) as caught:
            another.ensure_connection()
        assert name_of(caught.value) == "ConnectionTimeout"


@pytest.mark.parametrize("engine", ["sqlite3", "postgresql"])
def test_zero_is_no_deadline(tmp_path: Path, request: pytest.FixtureRequest, engine: str) -> None:
    is_file = engine == "sqlite3"
    url = f"sqlite:///{tmp_path}/file.sqlite3" if is_file else request.getfixturevalue("postgres")
    with connected(url, f"common.database.backends.{engine}", statement_seconds=0) as database:
        with database.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        assert getattr(database.connection, "patience_seconds", None) is None
