"""Machines are told whether raxdash serves, and which part behind it does not."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from raxdash import broker
from raxdash.models import Heartbeat
from raxdash.tasks import heartbeat


@pytest.fixture
def reachable_broker(settings: Any, redis_url: str) -> None:
    settings.REDIS_URL = redis_url


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_it_serves_without_asking_the_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.usefixtures("db", "reachable_broker")
def test_it_is_ready_with_database_broker_and_worker(client: Client) -> None:
    heartbeat()
    status, told = ready(client)
    assert (status, told["ready"]) == (200, True)
    assert told["database"] == {"ok": True, "pending_migrations": 0}
    assert told["worker"]["age_seconds"] in range(60)


@pytest.mark.usefixtures("db", "reachable_broker")
def test_it_is_not_ready_without_a_worker(client: Client) -> None:
    assert ready(client)[1]["worker"] == {"ok": False, "age_seconds": None}
    Heartbeat.objects.beat("somewhere", timezone.now() - timedelta(minutes=5))
    status, told = ready(client)
    assert (status, told["worker"]["ok"]) == (503, False)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", ""])
def test_it_is_not_ready_without_a_broker(client: Client, settings: Any, tmp_path: Path, url: str) -> None:
    settings.REDIS_URL, settings.DATA_DIR = url, tmp_path
    heartbeat()
    status, told = ready(client)
    assert (status, told["broker"]) == (503, {"ok": False})


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
    assert ready(client)[1]["worker"] == {"ok": False, "age_seconds": None}
    Heartbeat.objects.beat("alive", timezone.now())
    status, told = ready(client)
    assert (status, told["worker"]) == (200, {"ok": True, "age_seconds": 0})


@pytest.mark.django_db
def test_workers_whose_clock_was_ahead_are_forgotten() -> None:
    Heartbeat.objects.beat("ahead", timezone.now() + timedelta(hours=1))
    heartbeat()
    assert not Heartbeat.objects.filter(host="ahead").exists()
