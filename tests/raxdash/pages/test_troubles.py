"""What is wrong is said in the application, to whoever it concerns, in their words; and that it ended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from raxdash.models import Heartbeat
from teams.models import Team
from tests.cast import Cast
from tests.usage.conftest import make_key
from usage.models import Host, Meter

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOST, PAGES = "https://api.example.com", ["keys", "usage", "quota", "models", "playground"]


def page(client: Client, name: str = "keys") -> str:
    return client.get(f"/t/acme/{name}/").content.decode()


def due_since(team: Team, minutes: int) -> Meter:
    key = make_key(team, "Late", f"{HOST}/v1")
    at = timezone.now() - minutes * MINUTE
    return Meter.objects.create(team=team, key=key, name=key.name, next_poll_at=at, answered_at=at)


def fail(**fields: object) -> None:
    since = timezone.now() - 10 * MINUTE
    Host.objects.create(address=HOST, **{"failing_since": since, "failures": 2} | fields)


@pytest.mark.parametrize("name", PAGES)
def test_owners_see_on_every_page_that_the_worker_is_silent(cast: Cast, name: str) -> None:
    Heartbeat.objects.beat("gone", timezone.now() - 5 * MINUTE)
    assert "The worker is silent" in page(cast.client("alice"), name)


def test_nothing_is_wrong_with_a_worker_that_lives(cast: Cast) -> None:
    Heartbeat.objects.beat("alive", timezone.now())
    assert 'class="note note-warn' not in page(cast.client("alice"))


def test_the_end_of_a_silence_is_told_for_an_hour(cast: Cast) -> None:
    now = timezone.now()
    Heartbeat.objects.beat("worker", now - 90 * MINUTE)
    Heartbeat.objects.beat("another", now - 59 * MINUTE)
    Heartbeat.objects.beat("another", now)
    told = page(cast.client("alice"))
    assert "The worker was silent" in told
    assert "The worker is silent" not in told


def test_an_old_silence_is_not_told(cast: Cast) -> None:
    now = timezone.now()
    for minutes in (90, 70, *range(69, -1, -1)):
        Heartbeat.objects.beat("worker", now - minutes * MINUTE)
    assert "The worker was silent" not in page(cast.client("alice"))


def test_polls_that_wait_for_their_turn_are_late(cast: Cast) -> None:
    due_since(cast.team, 20)
    assert "Polls are late" in page(cast.client("alice"))


def test_polls_that_are_due_since_a_moment_are_not(cast: Cast) -> None:
    due_since(cast.team, 1)
    assert 'class="note note-warn' not in page(cast.client("alice"))


def test_owners_see_which_host_does_not_answer(cast: Cast) -> None:
    due_since(cast.team, 20)
    fail()
    told = page(cast.client("alice"))
    assert f"The host {HOST} does not answer" in told
    assert "Polls are late" not in told


def test_a_suspicion_is_not_told(cast: Cast) -> None:
    due_since(cast.team, 0)
    fail(failures=1)
    assert "does not answer" not in page(cast.client("alice"))


def test_they_see_that_it_answers_again(cast: Cast) -> None:
    due_since(cast.team, 0)
    now = timezone.now()
    fail(failing_since=None, failures=0, down_since=now - 10 * MINUTE, back_at=now - MINUTE)
    told = page(cast.client("alice"))
    assert f"The host {HOST} did not answer" in told


def test_nobody_sees_another_team_s_hosts(cast: Cast) -> None:
    due_since(Team.objects.create(name="Other", slug="other"), 20)
    fail()
    assert 'class="note note-warn' not in page(cast.client("alice"))


def test_members_are_told_that_numbers_are_late_and_no_more(cast: Cast) -> None:
    due_since(cast.team, 20)
    fail()
    Heartbeat.objects.beat("gone", timezone.now() - 5 * MINUTE)
    told = page(cast.client("bob"))
    assert told.count("Usage numbers are late") == 1
    assert "does not answer" not in told
    assert "worker" not in told


def test_troubles_cost_no_query(cast: Cast, django_assert_num_queries) -> None:
    alice = cast.client("alice")
    page(alice)
    due_since(cast.team, 20)
    with CaptureQueriesContext(connection) as quiet:
        page(alice)
    fail()
    Heartbeat.objects.beat("gone", timezone.now() - 5 * MINUTE)
    with django_assert_num_queries(len(quiet)):
        assert "does not answer" in page(alice)


def test_an_open_page_asks_for_them_now_and_then(cast: Cast) -> None:
    alice = cast.client("alice")
    assert 'hx-get="/t/acme/troubles/"' in page(alice)
    Heartbeat.objects.beat("gone", timezone.now() - 5 * MINUTE)
    part = alice.get("/t/acme/troubles/", headers={"HX-Request-Type": "partial"}).content.decode()
    assert part.strip().startswith("<div")
    assert "The worker is silent" in part
    assert "The worker is silent" in page(alice, "troubles")
