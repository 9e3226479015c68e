"""Every line of the log leads back to its request, and no address with a token stands in it."""

import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from common import tracing
from raxdash.logs.formatting import JsonFormatter, LineFormatter, without_blame
from tests.cast import Cast
from tests.installed import installed


@pytest.fixture
def record() -> logging.LogRecord:
    return logging.makeLogRecord(
        {"name": "usage.tasks", "levelname": "INFO", "msg": "Polled %d", "args": (3,)}
    )


def test_a_json_line_holds_message_ids_and_extras(record: logging.LogRecord) -> None:
    record.meters = 3
    token = tracing.run_id.set("run-1")
    line = json.loads(JsonFormatter().format(record))
    tracing.run_id.reset(token)
    assert (line["message"], line["run_id"], line["meters"]) == ("Polled 3", "run-1", 3)
    assert line["time"].endswith("+00:00")


def test_a_line_for_people_ends_with_the_ids(record: logging.LogRecord) -> None:
    token = tracing.request_id.set("request-1")
    assert LineFormatter().format(record).endswith("usage.tasks: Polled 3 [request-1]")
    tracing.request_id.reset(token)


def test_an_answer_carries_its_request_id(client: Client) -> None:
    assert len(client.get("/healthz")["X-Request-ID"]) == 32


@pytest.mark.parametrize("given", ["short", "has a space in it", "x" * 65, "line\nbreak-in-it"])
def test_an_id_of_another_shape_is_not_taken_over(client: Client, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] != given


def test_a_proxys_id_is_taken_over(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "proxy-0001"})["X-Request-ID"] == "proxy-0001"


def test_what_strangers_send_wrong_is_a_line_and_no_error(
    client: Client, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    many = "&".join(f"a{number}=" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    assert client.get(f"/accounts/login/?{many}").status_code == 400
    (told,) = [record for record in caplog.records if record.name.startswith("django.security")]
    assert without_blame(told)
    assert (told.levelname, told.exc_info) == ("WARNING", None)


def test_a_page_that_is_refused_is_a_line_without_a_traceback(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    assert cast.client("vera").post("/t/acme/playground/start/").status_code == 403
    (told,) = [record for record in caplog.records if record.name == "django.request"]
    assert without_blame(told)
    assert (told.levelname, told.exc_info) == ("WARNING", None)


@pytest.mark.django_db
def test_a_request_is_logged_by_its_route_without_tokens(client: Client, caplog: Any) -> None:
    with caplog.at_level("INFO", logger="raxdash.requests"):
        client.get("/accounts/password/reset/key/1-very-secret/")
    assert "GET account_reset_password_from_key 200" in caplog.text
    assert "very-secret" not in caplog.text


@pytest.mark.parametrize("kind", ["line", "json"])
def test_no_process_writes_a_token_into_its_log(tmp_path: Path, kind: str) -> None:
    with installed(tmp_path, LOG_FORMAT=kind) as installation:
        _, _, setup = installation.manage("address").stdout.strip().partition(installation.url)
        with httpx.Client(base_url=installation.url, timeout=60, trust_env=False) as http:
            assert http.get(setup).status_code == 200
            assert http.post(setup).status_code == 403  # without its CSRF token
            token = {"csrfmiddlewaretoken": http.cookies["csrftoken"]}
            assert http.post(setup, data=token).status_code == 422
            for end in ("", "”", "%E2%80%9D", "//"):
                assert http.get(f"/invitations/very-secret{end}/").status_code == 404
        log = installation.log("web")
    assert "invitation" in log
    assert "very-secret" not in log
    assert setup.partition("token=")[2] not in log


@pytest.mark.django_db
def test_what_machines_ask_every_few_seconds_is_told_when_it_fails_only(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "raxdash.requests")
    client.get("/healthz")
    assert caplog.records == []
    client.post("/healthz")
    assert caplog.messages[-1] == "POST healthz 405"
