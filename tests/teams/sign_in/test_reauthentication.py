"""What cannot be undone asks for a password that was said long ago, and then goes on with what was typed."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from teams.models import AuditEntry, Invitation, Key, Membership, Role, Team
from teams.sign_in import reauthentication
from tests.cast import PASSWORD, Cast
from tests.said import AGAIN, asks, let_pass, say, sign_in_alice

DELETE = "/t/acme/settings/delete/"
DAY = 86_400
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def alice(cast: Cast) -> Client:
    """Alice, who signed in just now."""
    return sign_in_alice(cast)


@pytest.fixture
def late(alice: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Alice, eleven minutes after she signed in."""
    let_pass(monkeypatch)
    return alice


def test_looking_asks_nothing_and_does_nothing(late: Client) -> None:
    assert late.get(DELETE).status_code == 200
    assert late.get(f"{AGAIN}?next={DELETE}").status_code == 200
    assert Team.objects.filter(slug="acme").exists()


def test_what_was_typed_goes_on_after_the_password(late: Client) -> None:
    asked = late.post(DELETE, {"name": "Acme"})
    assert Team.objects.filter(slug="acme").exists()
    answer = say(late, asked)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert not Team.objects.filter(slug="acme").exists()


def test_a_wrong_password_does_nothing_and_may_be_mended(late: Client) -> None:
    asked = late.post(DELETE, {"name": "Acme"})
    assert "Incorrect password" in say(late, asked, "wrong password").text
    assert Team.objects.filter(slug="acme").exists()
    say(late, asked)
    assert not Team.objects.filter(slug="acme").exists()


def test_a_slip_is_told_on_the_page_with_what_was_typed(late: Client) -> None:
    page = say(late, late.post(DELETE, {"name": "Acne"}))
    assert page.status_code == 422
    assert f'action="{DELETE}"' in page.text
    assert 'value="Acne"' in page.text


def test_an_owner_is_made_after_the_password(cast: Cast, late: Client) -> None:
    member = Membership.objects.get(user=cast.bob)
    asked = late.post(f"/t/acme/members/{member.pk}/role/", {"role": "owner"})
    assert say(late, asked)["Location"] == "/t/acme/members/"
    member.refresh_from_db()
    assert member.role == Role.OWNER
    assert AuditEntry.objects.latest("pk").words == "changed the role of"


def test_the_link_for_an_owner_is_shown_after_the_password(late: Client) -> None:
    page = say(late, late.post("/t/acme/members/invite/", {"role": "owner", "email": "nora@example.com"}))
    assert re.search(r'value="http[^"]+/invitations/', page.text)
    assert Invitation.objects.get().email == "nora@example.com"


def test_a_dialog_goes_to_the_whole_page(cast: Cast, late: Client) -> None:
    answer = late.post(f"/t/acme/keys/{cast.key.pk}/secret/", {"secret": "rax_typed"}, headers=HTMX)
    assert urlsplit(answer["HX-Redirect"]).path == AGAIN


def test_a_secret_that_was_typed_lies_nowhere_in_clear(cast: Cast, late: Client) -> None:
    late.post(f"/t/acme/keys/{cast.key.pk}/secret/", {"secret": "rax_typed", "base_url": cast.key.base_url})
    session = Session.objects.get(pk=late.session.session_key)
    assert "rax_typed" not in str(session.get_decoded())
    assert "rax_typed" not in late.get(AGAIN).text


def test_a_secret_that_was_typed_is_replaced_after_the_password(
    cast: Cast, late: Client, provider: str
) -> None:
    typed = {"secret": "rax_demo_free", "base_url": provider}
    say(late, late.post(f"/t/acme/keys/{cast.key.pk}/secret/", typed))
    assert Key.objects.get().reveal_secret() == "rax_demo_free"


def test_who_comes_back_for_something_else_does_not_do_it_unawares(late: Client) -> None:
    late.post(DELETE, {"name": "Acme"})
    late.post(AGAIN, {"password": PASSWORD, "next": "/t/acme/keys/"})
    assert Team.objects.filter(slug="acme").exists()


def test_what_is_too_long_to_keep_lets_nothing_of_before_go_on(late: Client) -> None:
    late.post(DELETE, {"name": "Acme"})
    asked = late.post(DELETE, {"name": "x" * reauthentication.LONGEST_KEPT})
    assert say(late, asked)["Location"] == DELETE
    assert Team.objects.filter(slug="acme").exists()


def test_who_comes_back_much_later_sees_the_page_first(late: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = late.post(DELETE, {"name": "Acme"})
    let_pass(monkeypatch)
    assert say(late, asked)["Location"] == DELETE
    assert Team.objects.filter(slug="acme").exists()


def test_who_lost_the_role_meanwhile_may_not(cast: Cast, late: Client) -> None:
    asked = late.post(DELETE, {"name": "Acme"})
    Membership.objects.filter(user=cast.alice).update(role=Role.ADMIN)
    assert say(late, asked).status_code == 403


def test_a_clock_that_is_set_back_asks_again(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    let_pass(monkeypatch, -DAY)
    assert asks(alice.post(DELETE, {"name": "Acme"}))


def test_a_session_without_a_password_asks(cast: Cast, alice: Client) -> None:
    assert asks(cast.client("alice").post(DELETE, {"name": "Acme"}))


def test_the_password_of_a_new_account_counts(cast: Cast, client: Client) -> None:
    page = cast.client("adam").post("/t/acme/members/invite/", {"role": "member"}).text
    link = urlsplit(re.search(r'value="(http[^"]+/invitations/[^"]+)"', page)[1]).path
    client.post(link, {"email": "nora@example.com", "name": "Nora", "password": PASSWORD})
    assert client.post("/t/acme/members/leave/")["Location"] == "/"


@pytest.mark.parametrize("wanted", ["javascript:alert(1)", "https://evil.example.com/"])
def test_no_link_leads_where_somebody_else_wants(alice: Client, wanted: str) -> None:
    assert f'href="{wanted}"' not in alice.get(AGAIN, {"next": wanted}).text
    assert alice.post(AGAIN, {"password": PASSWORD, "next": wanted})["Location"] == "/"
