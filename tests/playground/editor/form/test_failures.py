"""A failed turn: its words, what the API sent of it, and what can be done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from playground.models import Run, RunState
from teams.error_words import Remedy
from teams.models import Key
from tests.cast import Cast
from tests.playground.conftest import MakeRun

SENT = {
    "error_kind": "bad_request",
    "error_message": "The API did not accept the request (400): No.",
    "error_status": 400,
    "error_code": "too_hot",
    "error_type": "invalid_request_error",
    "error_param": "temperature",
    "error_body": '{"error": {"message": "<script>No.</script>"}}',
    "error_remedy": Remedy.REQUEST,
    "request_id": "req_7",
    "response_headers": {"content-type": "application/json", "location": "https://api.example/v2"},
}


@pytest.fixture
def make_failure(make_run: MakeRun):
    """Save a run that failed a moment ago."""

    def make(**fields: object) -> Run:
        return make_run(state=RunState.FAILED, **{"finished_at": timezone.now(), **fields})

    return make


def page_of(cast: Cast, run: Run, reader: str = "bob") -> str:
    """Return the run's page as somebody reads it."""
    return cast.client(reader).get(reverse("playground:run", args=["acme", run.pk])).text


@pytest.mark.parametrize("reader", ["bob", "vera"])
def test_whoever_may_see_the_run_sees_what_the_api_sent(cast: Cast, make_failure, reader: str) -> None:
    page = page_of(cast, make_failure(**SENT), reader)
    told = page.partition("<summary>What the API sent</summary>")[2].partition("</details>")[0]
    for words in ("400", "application/json", "https://api.example/v2", "too_hot", "temperature", "req_7"):
        assert f">{words}</dd>" in told, words
    assert "&lt;script&gt;No.&lt;/script&gt;" in told
    assert "<script>No." not in page


def test_what_nobody_sent_is_not_shown(cast: Cast, make_failure) -> None:
    run = make_failure(error_kind="connect_failed", error_message="The API cannot be reached.")
    assert "What the API sent" not in page_of(cast, run)


def test_who_may_change_the_key_is_led_to_it(cast: Cast, make_failure) -> None:
    address = reverse("teams:key", args=["acme", cast.key.pk])
    run = make_failure(error_message="No.", error_remedy=Remedy.ADDRESS)
    assert address in page_of(cast, run, "alice")
    assert address not in page_of(cast, run, "bob")
    assert address not in page_of(
        cast, make_failure(error_message="No.", error_remedy=Remedy.REQUEST), "alice"
    )


OFFERED = {
    "": True,
    Remedy.AGAIN: True,
    Remedy.CHECK: True,
    Remedy.PAUSE: True,
    Remedy.ADDRESS: False,
    Remedy.SECRET: False,
    Remedy.REQUEST: False,
}


@pytest.mark.parametrize("remedy", OFFERED)
def test_the_same_again_is_offered_where_it_can_help(cast: Cast, make_failure, remedy: str) -> None:
    run = make_failure(error_message="No.", error_remedy=remedy, retry_after_seconds=5)
    assert ("Run again" in page_of(cast, run)) == OFFERED[remedy]


def test_it_is_offered_again_once_the_key_has_changed(cast: Cast, make_failure) -> None:
    run = make_failure(error_message="No.", error_remedy=Remedy.SECRET)
    key = Key.objects.get(pk=cast.key.pk)
    key.set_secret("another secret of the same key")
    key.save()
    assert "Run again" in page_of(cast, run)


def test_a_pause_of_days_is_a_date_in_the_team_s_zone_and_no_countdown(cast: Cast, make_failure) -> None:
    cast.team.time_zone = "Asia/Tokyo"
    cast.team.save()
    until = timezone.now() + timedelta(days=3)
    run = make_failure(error_message="No.", error_remedy=Remedy.PAUSE, retry_after_seconds=3 * 86_400)
    page = page_of(cast, run)
    assert "Paused until" in page
    assert "(Asia/Tokyo)" in page
    assert f"{until.astimezone(cast.team.zone):%-d %b}" in page
    assert "data-countdown=" not in page
    assert "Run again" not in page


def test_a_pause_ends_with_another_secret(cast: Cast, make_failure) -> None:
    run = make_failure(error_message="No.", error_remedy=Remedy.PAUSE, retry_after_seconds=3 * 86_400)
    key = Key.objects.get(pk=cast.key.pk)
    key.set_secret("another secret of the same key")
    key.save()
    page = page_of(cast, run)
    assert "Paused until" not in page
    assert "Run again" in page


def test_a_pause_that_is_over_pauses_nobody(cast: Cast, make_failure) -> None:
    long_ago = timezone.now() - timedelta(days=4)
    run = make_failure(
        error_message="No.", error_remedy=Remedy.PAUSE, retry_after_seconds=3 * 86_400, finished_at=long_ago
    )
    page = page_of(cast, run)
    assert "Paused until" not in page
    assert "Run again" in page
