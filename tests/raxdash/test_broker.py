"""The embedded broker is ready before anybody needs it, and stays small."""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from kombu.transport.sqlalchemy import Channel

from raxdash import broker

# kombu leaves its SQLite connections to the garbage collector, which warns.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def celery_app(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Celery]:
    settings.DATA_DIR, settings.REDIS_URL = tmp_path, ""
    app = Celery("test", broker=f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}", set_as_current=False)
    monkeypatch.setattr(broker, "current_app", app)
    yield app
    app.close()
    for engine, _ in Channel._engines.values():  # kombu never closes its engines
        engine.dispose()
    Channel._engines.clear()
    gc.collect()  # here, where their complaint is expected


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
