"""The button that asks the provider now."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.usage.explore.reading import NOON, PART, USAGE, page
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")

URL = "/t/acme/usage/poll/"


def test_it_makes_the_teams_meters_due_and_waits(cast: Cast, polled_meter: Meter) -> None:
    response = cast.client("bob").post(URL + "?period=24h&metric=requests")
    assert response["Location"] == f"{USAGE}?period=24h&metric=requests&polled={int(NOON.timestamp())}"
    assert Meter.objects.get().next_poll_at == NOON
    html = page(cast.client("bob"), response["Location"].removeprefix(USAGE))
    assert "asking the provider" in html
    assert 'hx-trigger="every 2s"' in html


def test_it_keeps_the_chart_that_htmx_shows(cast: Cast, polled_meter: Meter) -> None:
    shown = {"HX-Current-URL": "http://testserver/t/acme/usage/?period=90d"}
    assert "?period=90d&polled=" in cast.client("bob").post(URL, headers=PART | shown)["Location"]


def test_it_shows_the_page_whatever_the_header_says(cast: Cast, polled_meter: Meter) -> None:
    headers = PART | {"HX-Current-URL": "http://["}
    assert cast.client("bob").post(URL, headers=headers).status_code == 302


def test_it_stops_waiting_when_the_answer_is_there(cast: Cast, polled_meter: Meter, alice: Client) -> None:
    response = alice.post(URL)
    Meter.objects.update(asked_at=NOON)
    assert "asking the provider" not in page(alice, response["Location"].removeprefix(USAGE))


def test_it_leaves_other_teams_alone(cast: Cast, polled_meter: Meter) -> None:
    before = Meter.objects.get().next_poll_at
    assert cast.client("charlie").post("/t/others/usage/poll/").status_code == 302
    assert cast.client("charlie").post(URL).status_code == 404
    assert Meter.objects.get().next_poll_at == before


def test_viewers_may_not(cast: Cast, polled_meter: Meter) -> None:
    assert cast.client("vera").post(URL).status_code == 403
    assert "Poll now" not in page(cast.client("vera"))


def test_a_link_does_not_poll(cast: Cast) -> None:
    assert cast.client("bob").get(URL).status_code == 405
