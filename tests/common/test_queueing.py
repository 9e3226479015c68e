"""A broker that is away costs a log line, never the request."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from tests.installation import finished, free_port

PUBLISH = """
import sys
again = sys.argv[1:]
import django
django.setup()
from raxdash.celery import app
from common.queueing import publish

@app.task(name="tests.nothing")
def nothing(number):
    pass

print(publish(nothing, 1))
if again:
    print(publish(nothing, 2), publish(nothing, 3))
"""
# A nudge may hold a request for a few seconds; the process around it starts in a few more.
PATIENCE_SECONDS = 40


def publish_to(broker: str, folder: Path, *again: str) -> subprocess.CompletedProcess[str]:
    environment = {"DJANGO_SETTINGS_MODULE": "raxdash.settings", "DATA_DIR": str(folder), "REDIS_URL": broker}
    return finished([sys.executable, "-c", PUBLISH, *again], environment, seconds=PATIENCE_SECONDS)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def assert_lost_in_one_line(result: subprocess.CompletedProcess[str]) -> None:
    assert (result.returncode, result.stdout.strip()) == (0, "False")
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert "The broker did not take tests.nothing" in lines[0]


def test_a_broker_that_is_down_does_not_raise(tmp_path: Path) -> None:
    assert_lost_in_one_line(publish_to(f"redis://127.0.0.1:{free_port()}/0", tmp_path))


def test_a_broker_that_is_silent_does_not_hold_for_long(tmp_path: Path, silent_port: int) -> None:
    assert_lost_in_one_line(publish_to(f"redis://127.0.0.1:{silent_port}/0", tmp_path))


def test_a_broker_that_was_silent_is_not_waited_for_again(tmp_path: Path, silent_port: int) -> None:
    result = publish_to(f"redis://127.0.0.1:{silent_port}/0", tmp_path, "again")
    assert result.stdout.split() == ["False"] * 3
    assert result.stderr.count("The broker did not take tests.nothing: RedisIsAway") == 2


def test_an_embedded_broker_that_cannot_be_opened_does_not_raise(tmp_path: Path) -> None:
    (tmp_path / "broker.sqlite3").mkdir()
    assert_lost_in_one_line(publish_to("", tmp_path))


def test_the_embedded_broker_takes_it(tmp_path: Path) -> None:
    assert publish_to("", tmp_path).stdout.strip() == "True"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_for_what_was_not_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    from common import queueing

    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(queueing, "publish", lambda task, *ids: sent.append(ids))
    with transaction.atomic():
        queueing.publish_on_commit(None, 1)
        transaction.set_rollback(True)
    with transaction.atomic():
        queueing.publish_on_commit(None, 2)
        assert sent == []
    assert sent == [(2,)]
