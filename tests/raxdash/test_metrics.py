"""Prometheus reads an installation by its token, nobody else does, and the dashboard asks what is there."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from common.metrics import collectors
from common.models import Job
from playground.live.runner import ends
from raxdash.settings import BASE_DIR
from raxdash.tasks import heartbeat
from raxdash.work import broker
from tests.cast import Cast
from tests.metrics import Samples, samples_of
from tests.usage.polled import make_meter, poll
from usage.models import Meter, RateSample

TOKEN = "0123456789abcdef0123456789abcdef"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
PERIOD = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
DASHBOARD = BASE_DIR / "docs" / "grafana.json"


@pytest.fixture(autouse=True)
def token(settings: Any, tmp_path: Path, db: None) -> None:
    settings.METRICS_TOKEN, settings.DATA_DIR, settings.REDIS_URL = TOKEN, tmp_path, ""


def scrape(client: Client) -> Samples:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    return samples_of(text_string_to_metric_families(answer.content.decode()))


def test_it_is_not_there_without_a_token(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ßäö", TOKEN]
)
def test_it_is_refused_without_the_right_one(client: Client, authorization: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": authorization})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="raxdash metrics"')


def test_an_owner_who_is_signed_in_needs_the_token_too(cast: Cast) -> None:
    assert cast.client("alice").get("/metrics").status_code == 401


def test_no_secret_is_told(client: Client, cast: Cast) -> None:
    poll(make_meter(cast.key, NOON), NOON, {"rax-4.0": (1_000, 10)}, *PERIOD)
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    text = answer.content.decode()
    assert "Main key" in text
    for secret in ("rax_demo_pro", TOKEN, "alice@example.com"):
        assert secret not in text


@pytest.fixture(params=["embedded", "redis"])
def queue(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """A broker of the installation's own, with its queue made."""
    if request.param == "redis":
        settings.REDIS_URL = request.getfixturevalue("redis_url")
        address = settings.REDIS_URL
    else:
        address = f"sqla+sqlite:///{settings.DATA_DIR / 'broker.sqlite3'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(current_app.conf, "broker_url", address)
        patch.setattr(current_app.conf, "broker_write_url", address)
        broker.prepare()
        yield


def test_messages_that_wait_are_counted(client: Client, queue: None) -> None:
    assert scrape(client)["raxdash_queue_depth",] == 0
    with current_app.connection_for_write() as connected:
        for _ in range(3):
            heartbeat.apply_async(connection=connected)
    assert scrape(client)["raxdash_queue_depth",] == 3


def test_jobs_and_workers_are_told(client: Client) -> None:
    Job.objects.create(kind="one", scope="team:1", state=Job.Status.FAILED)
    assert ("raxdash_worker_age_seconds",) not in scrape(client)
    heartbeat()
    found = scrape(client)
    assert (found["raxdash_jobs", "active"], found["raxdash_jobs", "failed"]) == (0, 1)
    assert 0 <= found["raxdash_worker_age_seconds",] < 60


def test_a_database_that_is_away_leaves_what_the_process_knows(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ends, "waiting", {uuid4()})
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", _refuse)
        found = scrape(client)
    assert found["raxdash_unsaved_ends",] == 1
    assert found["raxdash_collector_up", "process"] == 1
    assert found["raxdash_collector_up", "usage"] == 0


def _refuse(*args: object, **options: object) -> None:
    raise OperationalError("unable to open database file")


def expressions() -> list[str]:
    """Return what the dashboard asks, in its panels and for its choices."""
    dashboard = json.loads(DASHBOARD.read_text())
    panels = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    choices = dashboard["templating"]["list"]
    return panels + [choice["query"]["query"] for choice in choices if choice["type"] == "query"]


def labels_in(expression: str) -> set[str]:
    """Return the labels that a query filters and groups by."""
    groups = re.findall(r"by \(([^)]*)\)", expression)
    filtered = re.findall(r"(\w+)\s*=~?\s*\"", expression)
    return {*filtered, *(label for group in groups for label in group.split(", "))}


def test_every_query_of_the_dashboard_asks_what_is_told(cast: Cast) -> None:
    poll(make_meter(cast.key, NOON), NOON, {"rax-4.0": (1_000, 10)}, *PERIOD)
    limits = {"requests_limit": 60, "requests_remaining": 42}
    RateSample.objects.create(key=cast.key, received_at=timezone.now(), source="run", **limits)
    Meter.objects.update(limit_share=0.8, watched_until=timezone.now())
    heartbeat()
    told = {metric.name: metric for metric in collectors.collect(timezone.now())}
    for expression in expressions():
        names = set(re.findall(r"\braxdash_\w+", expression))
        assert names, expression
        assert names <= set(told), expression
        samples = [sample for name in names for sample in told[name].samples]
        assert labels_in(expression) <= {label for sample in samples for label in sample.labels}, expression


def test_every_metric_is_explained(cast: Cast) -> None:
    heartbeat()
    words = (BASE_DIR / "docs" / "operate.md").read_text()
    for metric in collectors.collect(timezone.now()):
        assert f"`{metric.name}`" in words, metric.name
