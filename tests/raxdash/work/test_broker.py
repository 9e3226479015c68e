"""The embedded broker is ready before anybody needs it, and stays small."""

import gc
import sqlite3
import traceback
import warnings
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from kombu import pools
from kombu.transport.sqlalchemy import Channel
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import Pool

from raxdash.work import broker, celery_settings


@pytest.fixture
def celery_app(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Celery]:
    settings.DATA_DIR, settings.REDIS_URL = tmp_path, ""
    app = Celery("test", broker=f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}", set_as_current=False)
    monkeypatch.setattr(broker, "current_app", app)
    opened: list[sqlite3.Connection] = []
    keep = partial(note, opened)
    event.listen(Pool, "connect", keep)
    yield app
    event.remove(Pool, "connect", keep)
    app.close()
    pools.reset()
    Channel._engines.clear()
    del app
    # kombu leaves its connections to the garbage collector: it is called here, lest it warn in another test.
    with warnings.catch_warnings(action="ignore"):
        gc.collect()
    for connection in opened:
        connection.close()


def note(opened: list[sqlite3.Connection], connection: sqlite3.Connection, _: object) -> None:
    """Remember a connection that SQLAlchemy opened."""
    opened.append(connection)


def messages(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM kombu_message").fetchone()[0]


def test_it_prepares_the_tables_twice_without_harm(celery_app: Celery, tmp_path: Path) -> None:
    broker.prepare()
    broker.prepare()
    assert messages(tmp_path / "broker.sqlite3") == 0


def test_it_sweeps_only_what_was_delivered(celery_app: Celery, tmp_path: Path) -> None:
    broker.prepare()
    for _ in range(2):
        celery_app.send_task("anything")
    with celery_app.connection_for_read() as connection:
        connection.SimpleQueue("celery").get(block=False).ack()
    assert broker.sweep() == 1
    assert messages(tmp_path / "broker.sqlite3") == 1


def test_it_leaves_redis_alone(celery_app: Celery, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    broker.prepare()
    assert broker.sweep() == 0


def test_it_sends_again_however_much_failed(celery_app: Celery, tmp_path: Path) -> None:
    """A call that fails keeps its connection for as long as somebody holds its error."""
    options = celery_settings.broker_transport_options | {"connect_args": {"timeout": 0}}
    celery_app.conf.broker_transport_options = options
    broker.prepare()
    path, errors = tmp_path / "broker.sqlite3", []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(20):  # more than a pool of SQLAlchemy has places
            with celery_app.connection_for_write() as connection, pytest.raises(SQLAlchemyError) as caught:
                connection.default_channel._get("celery")
            errors.append(caught.value)
    assert {type(error) for error in errors} == {OperationalError}
    celery_app.send_task("anything")
    assert messages(path) == 1
    for error in errors:
        traceback.clear_frames(error.__traceback__)
