"""The button that asks the provider now."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import Cast
from tests.usage.explore.reading import NOON, PERIOD, USAGE, page
from tests.usage.polled import make_meter, poll
from usage.models import Meter

URL = "/t/acme/usage/poll/"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage.explore.views.timezone.now", lambda: NOON)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    """A meter that was polled ten minutes ago."""
    meter = make_meter(cast.key, NOON)
    poll(meter, NOON - timedelta(minutes=10), {"rax-4.0": (1_000, 10)}, *PERIOD)
    return meter


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.client("alice")


def test_it_makes_the_teams_meters_due_and_waits(cast: Cast, meter: Meter) -> None:
    response = cast.client("bob").post(URL + "?period=24h&metric=requests")
    assert response["Location"] == f"{USAGE}?period=24h&metric=requests&polled={int(NOON.timestamp())}"
    assert Meter.objects.get().next_poll_at == NOON
    html = page(cast.client("bob"), response["Location"].removeprefix(USAGE))
    assert "asking the provider" in html
    assert 'hx-trigger="every 2s"' in html


def test_it_keeps_the_chart_that_htmx_shows(cast: Cast, meter: Meter) -> None:
    shown = {"HX-Current-URL": "http://testserver/t/acme/usage/?period=90d"}
    assert "?period=90d&polled=" in cast.client("bob").post(URL, headers=PART | shown)["Location"]


def test_it_shows_the_page_whatever_the_header_says(cast: Cast, meter: Meter) -> None:
    headers = PART | {"HX-Current-URL": "http://["}
    assert cast.client("bob").post(URL, headers=headers).status_code == 302


def test_it_stops_waiting_when_the_answer_is_there(cast: Cast, meter: Meter, alice: Client) -> None:
    response = alice.post(URL)
    Meter.objects.update(asked_at=NOON)
    assert "asking the provider" not in page(alice, response["Location"].removeprefix(USAGE))


def test_it_leaves_other_teams_alone(cast: Cast, meter: Meter) -> None:
    before = Meter.objects.get().next_poll_at
    assert cast.client("charlie").post("/t/others/usage/poll/").status_code == 302
    assert cast.client("charlie").post(URL).status_code == 404
    assert Meter.objects.get().next_poll_at == before


def test_viewers_may_not(cast: Cast, meter: Meter) -> None:
    assert cast.client("vera").post(URL).status_code == 403
    assert "Poll now" not in page(cast.client("vera"))


def test_a_link_does_not_poll(cast: Cast) -> None:
    assert cast.client("bob").get(URL).status_code == 405
