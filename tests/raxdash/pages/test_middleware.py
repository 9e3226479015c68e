"""A fragment asked for after the session has ended brings the whole page to the sign-in, and back."""

from typing import Any

import httpx
import pytest
from django.test import Client

from raxdash.http.handler import Handler
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "http://testserver/t/acme/playground/?conversation=x"
SIGN_IN = "/accounts/login/?next=%2Ft%2Facme%2Fplayground%2F%3Fconversation%3Dx"
FRAGMENT = "/t/acme/playground/"


def test_htmx_is_sent_to_the_sign_in_with_the_page_it_was_on(cast: Cast) -> None:
    answer = Client().get(FRAGMENT, headers={"HX-Request": "true", "HX-Current-URL": PAGE})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.content) == (200, SIGN_IN, b"")


async def test_so_it_is_in_the_web_process() -> None:
    handler = Handler()
    app: Any = handler
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        page = PAGE.replace("testserver", "localhost")
        answer = await client.get(f"{FRAGMENT}start/", headers={"HX-Request": "true", "HX-Current-URL": page})
    await handler.threads.close()
    assert (answer.headers["HX-Redirect"], answer.headers["Cache-Control"]) == (SIGN_IN, "private, no-store")
    assert answer.headers["X-Request-ID"]


def test_another_site_is_no_place_to_come_back_to(cast: Cast) -> None:
    elsewhere = {"HX-Request": "true", "HX-Current-URL": "https://example.com/t/acme/"}
    assert Client().get(FRAGMENT, headers=elsewhere).headers["HX-Redirect"] == "/accounts/login/"


def test_the_back_button_brings_the_page_that_was_gone_back_to(cast: Cast) -> None:
    headers = {"HX-History-Restore-Request": "true", "HX-Request-Type": "full", "HX-Current-URL": PAGE}
    answer = Client().get(f"{FRAGMENT}?page=2", headers=headers)
    sign_in = f"/accounts/login/?next={FRAGMENT}%3Fpage%3D2"
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, sign_in)


def test_a_plain_request_is_redirected_as_ever() -> None:
    answer = Client().get(FRAGMENT)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/accounts/login/?next={FRAGMENT}")


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/t/acme/members/?page=2#invite", "%2Ft%2Facme%2Fmembers%2F%3Fpage%3D2"),
        ("https://elsewhere.example.com/t/acme/", "/t/acme/members/invite/"),
        ("", "/t/acme/members/invite/"),
    ],
)
def test_a_form_leads_back_to_the_page_it_was_on(came_from: str, leads_to: str) -> None:
    answer = Client().post("/t/acme/members/invite/", headers={"Referer": came_from})
    assert answer.headers["Location"] == f"/accounts/login/?next={leads_to}"


def test_a_sign_out_leads_nowhere_else(cast: Cast) -> None:
    answer = cast.client("bob").post("/accounts/logout/", headers={"Referer": PAGE})
    assert answer.headers["Location"] == "/accounts/login/"


def test_other_redirects_stay_what_they_are(cast: Cast) -> None:
    answer = cast.client("bob").get("/", headers={"HX-Request": "true"})
    assert answer.status_code == 302
    assert "HX-Redirect" not in answer.headers
