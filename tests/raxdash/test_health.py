"""Machines are told whether raxdash serves, and which part behind it does not, whatever hangs."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from raxdash.models import Heartbeat
from raxdash.tasks import heartbeat
from raxdash.work import broker
from tests.cast import Cast
from tests.relay import Relay, relay

# Two on an idle machine, several times that on a busy one; what waits for a part that hangs waits for ever.
NO_LONGER_SECONDS = 20


@pytest.fixture
def reachable_broker(settings: Any, redis_url: str) -> None:
    settings.REDIS_URL = redis_url


def ready(client: Client, address: str = "/readyz") -> tuple[int, dict[str, Any]]:
    answer = client.get(address)
    return answer.status_code, answer.json()


def worker_ready(client: Client) -> tuple[int, dict[str, Any]]:
    return ready(client, "/readyz/worker")


def probes() -> int:
    """Return how many threads wait for an answer."""
    return sum(thread.name == "probe" for thread in threading.enumerate())


def test_it_serves_without_asking_the_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.usefixtures("db", "reachable_broker")
def test_all_is_ready_with_database_broker_and_worker(client: Client) -> None:
    heartbeat()
    status, told = worker_ready(client)
    assert (status, told["ready"]) == (200, True)
    assert told["web"] == told["broker"] == {"ok": True}
    assert told["database"] == {"ok": True, "pending_migrations": 0}
    assert told["worker"]["age_seconds"] in range(60)
    assert ready(client)[0] == 200


@pytest.mark.usefixtures("db", "reachable_broker")
def test_a_silent_worker_takes_no_web_process_out_of_balance(client: Client) -> None:
    assert worker_ready(client)[1]["worker"] == {"ok": False, "age_seconds": None}
    Heartbeat.objects.beat("somewhere", timezone.now() - timedelta(minutes=5))
    status, told = worker_ready(client)
    assert (status, told["ready"], told["worker"]["ok"]) == (503, False, False)
    status, told = ready(client)
    assert (status, told["ready"], told["worker"]["ok"]) == (200, True, False)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", ""])
def test_a_broker_that_is_away_keeps_the_worker_only(
    client: Client, settings: Any, tmp_path: Path, url: str
) -> None:
    settings.REDIS_URL, settings.DATA_DIR = url, tmp_path
    heartbeat()
    status, told = worker_ready(client)
    assert (status, told["broker"]) == (503, {"ok": False})
    assert ready(client)[0] == 200


@pytest.mark.usefixtures("reachable_broker")
def test_migrations_that_wait_keep_the_web_too(client: Client, cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'usage' AND name LIKE '0001%'")
    status, told = ready(client)
    assert (status, told["web"]) == (503, {"ok": False})
    assert told["database"] == {"ok": False, "pending_migrations": 1}


@pytest.fixture
def silent_redis(settings: Any, redis_url: str) -> Iterator[Relay]:
    with relay(redis_url) as (opened, url):
        settings.REDIS_URL = url
        opened.silence()
        yield opened


@pytest.mark.usefixtures("db")
def test_a_broker_that_hangs_is_not_waited_for(client: Client, silent_redis: Relay) -> None:
    began_at = monotonic()
    status, told = ready(client)
    assert (status, told["broker"]["ok"]) == (200, False)
    assert monotonic() - began_at < NO_LONGER_SECONDS
    silent_redis.speak()
    assert ready(client)[1]["broker"] == {"ok": True}


@pytest.mark.usefixtures("db")
def test_one_thread_hangs_however_often_somebody_asks(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that never answers: no time-out of ours bounds it."""
    answered = threading.Event()
    settings.REDIS_URL = "redis://somewhere.test:6379/0"
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait() and [])
    try:
        told = [ready(client)[1]["broker"] for _ in range(20)]
        assert [part["ok"] for part in told] == [False] * 20
        # Only the first one waits: twenty that did would take twenty seconds.
        assert 11 > told[-1]["silent_seconds"] >= told[0]["silent_seconds"] > 1
        assert probes() == 1
    finally:
        answered.set()


def test_a_locked_file_is_no_broker_and_not_waited_for(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL, settings.DATA_DIR = "", tmp_path
    with closing(sqlite3.connect(tmp_path / "broker.sqlite3", isolation_level=None)) as database:
        database.execute("CREATE TABLE kombu_queue (id)")
        assert broker.answers()
        database.execute("BEGIN EXCLUSIVE")
        assert not broker.answers()


def test_an_unprepared_file_is_no_broker(settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL, settings.DATA_DIR = "", tmp_path
    (tmp_path / "broker.sqlite3").write_bytes(b"")
    assert not broker.answers()


@pytest.mark.django_db
def test_workers_that_are_long_gone_are_forgotten() -> None:
    Heartbeat.objects.beat("gone", timezone.now() - timedelta(days=2))
    heartbeat()
    assert not Heartbeat.objects.filter(host="gone").exists()


@pytest.mark.usefixtures("db", "reachable_broker")
def test_a_heartbeat_from_the_future_is_none(client: Client) -> None:
    Heartbeat.objects.beat("ahead", timezone.now() + timedelta(hours=1))
    assert worker_ready(client)[1]["worker"] == {"ok": False, "age_seconds": None}
    Heartbeat.objects.beat("alive", timezone.now())
    status, told = worker_ready(client)
    assert (status, told["worker"]["ok"]) == (200, True)
    assert told["worker"]["age_seconds"] in range(60)


@pytest.mark.django_db
def test_workers_whose_clock_was_ahead_are_forgotten() -> None:
    Heartbeat.objects.beat("ahead", timezone.now() + timedelta(hours=1))
    heartbeat()
    assert not Heartbeat.objects.filter(host="ahead").exists()
