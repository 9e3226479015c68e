"""With LOG_FORMAT=json every line of web, worker and beat is a JSON object, whoever wrote it."""

import io
import json
import logging
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from raxdash.logs.json_streams import JsonLines
from tests.installation import PATIENCE_SECONDS, Installation, wait_until
from tests.installed import prepared

pytestmark = pytest.mark.processes

CELERY = ("-W", "always", "-m", "celery", "--app", "raxdash")


def lines(installation: Installation, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in installation.log(name).splitlines()]


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_celery_says_all_it_says_in_json(tmp_path: Path, command: str) -> None:
    with prepared(tmp_path, LOG_FORMAT="json") as raxdash:
        # Not quiet: it prints its banner.
        pool = ("--pool", "threads", "--concurrency", "1") if command == "worker" else ()
        raxdash.start("celery", *CELERY, command, "--loglevel", "debug", *pool)
        wait_until(lambda: "celery" in raxdash.log("celery"), "the banner")
        raxdash.write(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('usage', '9999', '2026-01-01')"
        )
        if command == "worker":
            assert raxdash.processes["celery"].wait(timeout=PATIENCE_SECONDS) == 1
            assert any("This worker ends" in line["message"] for line in lines(raxdash, "celery"))
        else:
            raxdash.kill("celery", signal.SIGTERM)
        assert any(line["logger"] == "stdout" for line in lines(raxdash, "celery"))
        assert "superuser" not in raxdash.log("celery")


@pytest.mark.parametrize("command", ["worker", "beat", "web"])
def test_a_refusal_at_the_start_is_json(tmp_path: Path, command: str) -> None:
    with prepared(tmp_path, LOG_FORMAT="json") as raxdash:
        raxdash.write(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('usage', '9999', '2026-01-01')"
        )
        server = ("-m", "uvicorn", "raxdash.asgi:application", "--port", str(raxdash.port))
        raxdash.start("it", *(server if command == "web" else (*CELERY, "--quiet", command)))
        assert raxdash.processes["it"].wait(timeout=PATIENCE_SECONDS) != 0
        told = [line["message"] for line in lines(raxdash, "it")]
        assert any("newer than this code" in message for message in told)


def test_a_handler_that_fails_does_not_fail_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = JsonLines("failing", 20)
    handler = logging.StreamHandler(io.StringIO())
    handler.stream.close()
    monkeypatch.setattr(sys, "stderr", stream)
    logger = logging.getLogger("failing")
    logger.addHandler(handler)
    print("something", file=stream)
    logger.removeHandler(handler)


def test_a_line_is_logged_when_it_is_complete(caplog: pytest.LogCaptureFixture) -> None:
    stream = JsonLines("stdout", 20)
    with caplog.at_level("INFO"):
        print("two\nlines, ", end="", file=stream)
        assert caplog.messages == ["two"]
        print("and %s more", file=stream)
        print("begun", end="", file=stream)
        stream.finish()
    assert caplog.messages == ["two", "lines, and %s more", "begun"]
