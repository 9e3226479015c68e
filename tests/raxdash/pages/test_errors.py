"""Errors in human words: the menu stays where the team is known, and a page whose part failed stays too."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from raxdash.pages import errors
from tests.cast import Cast

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_a_wrong_address_below_a_team_keeps_its_menu(cast: Cast) -> None:
    answer = cast.client("vera").get("/t/acme/nothing-here/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "There is no such page · Acme · raxdash" in html
    assert 'href="/t/acme/usage/"' in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("path", ["/t/acme/nothing-here/", "/nothing-here/"])
def test_an_outsider_learns_nothing_of_the_team(cast: Cast, path: str) -> None:
    html = cast.client("charlie").get(path).content.decode()
    assert "There is no such page · raxdash" in html
    assert "Acme" not in html
    assert html.count("<h1") == 1


def test_a_refusal_says_why_and_keeps_the_menu(cast: Cast) -> None:
    answer = cast.client("vera").get(reverse("teams:settings", args=["acme"]))
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "Only admins and above may do this." in html
    assert 'href="/t/acme/usage/"' in html


def test_a_part_of_a_page_gets_a_message_above_it(cast: Cast) -> None:
    answer = cast.client("alice").get("/t/acme/nothing-here/", headers=PART)
    assert (answer.status_code, answer["HX-Retarget"]) == (404, "#messages")
    assert "<h1" not in answer.content.decode()
    assert "There is no such page." in answer.content.decode()


def test_a_stranger_is_told_an_error_of_ours_and_no_database_is_asked() -> None:
    request = RequestFactory().get("/t/acme/usage/")
    request.user = AnonymousUser()
    assert "Something went wrong here" in errors.server_error(request).content.decode()


def test_an_error_of_ours_is_told_even_without_a_database(cast: Cast) -> None:
    request = RequestFactory().get("/t/acme/usage/")
    request.user = cast.alice
    assert 'href="/t/acme/keys/"' in errors.server_error(request).content.decode()
    request = RequestFactory().get("/t/acme/usage/")
    request.user = cast.alice
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE teams_membership RENAME TO somewhere_else")
    html = errors.server_error(request).content.decode()
    assert "Something went wrong here" in html
    assert 'href="/t/acme/keys/"' not in html
