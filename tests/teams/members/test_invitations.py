"""A link lets one person in, once."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.test import Client

from teams.changes import Refused
from teams.members import invitations
from teams.models import AuditEntry, Invitation, Membership, Role, User
from teams.permissions import Access
from tests.cast import PASSWORD, Cast
from tests.directions import without_directions

INVITE = "/t/acme/members/invite/"
NEW = {"email": "nora@example.com", "name": "Nora", "password": PASSWORD}
CLOSED = "This link no longer works"


def invite(cast: Cast, person: str = "adam", role: str = "member", email: str = "") -> str:
    page = cast.client(person).post(INVITE, {"role": role, "email": email}).text
    return urlsplit(re.search(r'value="(http[^"]+/invitations/[^"]+)"', page)[1]).path


def let_pass(time: timedelta) -> None:
    """Make every invitation older by this."""
    for invitation in Invitation.objects.all():
        invitation.expires_at -= time
        invitation.save()


def test_the_link_is_shown_once_and_only_its_hash_is_kept(cast: Cast) -> None:
    link = invite(cast)
    token = link.strip("/").rpartition("/")[2]
    assert token not in str(Invitation.objects.values().get())
    assert token not in cast.client("adam").get("/t/acme/members/").text


def test_a_new_person_makes_an_account_and_is_in(cast: Cast, client: Client) -> None:
    link = invite(cast)
    page = client.get(link)
    assert "Adam invites you as member." in without_directions(page.text)
    assert "no-store" in page["Cache-Control"]
    assert client.post(link, NEW)["Location"] == "/t/acme/playground/"
    nora = User.objects.get(email="nora@example.com")
    assert Membership.objects.get(user=nora).role == Role.MEMBER
    assert client.get("/t/acme/keys/").status_code == 200
    assert not EmailAddress.objects.get(user=nora).verified


def test_an_account_joins_by_one_button(cast: Cast) -> None:
    link, charlie = invite(cast, role="viewer"), cast.client("charlie")
    assert "Join as <bdi>charlie@example.com</bdi>" in charlie.get(link).text
    assert Membership.objects.filter(user=cast.charlie).count() == 1
    charlie.post(link)
    assert Membership.objects.get(team=cast.team, user=cast.charlie).role == Role.VIEWER


def test_it_works_once(cast: Cast, client: Client) -> None:
    link = invite(cast)
    client.post(link, NEW)
    other = Client()
    assert CLOSED in other.get(link).text
    assert other.post(link, NEW | {"email": "otto@example.com"}).status_code == 404
    assert not User.objects.filter(email="otto@example.com").exists()


def test_who_belongs_already_uses_nothing_up(cast: Cast, client: Client) -> None:
    link = invite(cast, "alice", role="owner")
    cast.client("vera").post(link)
    assert Membership.objects.get(user=cast.vera).role == Role.VIEWER
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("token", ["guessed", "x" * 200, "%00"])
def test_a_guessed_token_opens_nothing(client: Client, cast: Cast, token: str) -> None:
    assert client.get(f"/invitations/{token}/").status_code == 404


def test_it_ends_after_a_week(cast: Cast, client: Client) -> None:
    link = invite(cast)
    let_pass(timedelta(days=6, hours=23))
    assert client.get(link).status_code == 200
    let_pass(timedelta(hours=1))
    assert client.get(link).status_code == 404


def test_a_withdrawn_one_opens_nothing(cast: Cast, client: Client) -> None:
    link = invite(cast)
    cast.client("alice").post(f"/t/acme/members/invitations/{Invitation.objects.get().pk}/revoke/")
    assert client.get(link).status_code == 404


def test_nobody_withdraws_an_invitation_of_another_team(cast: Cast) -> None:
    link = invite(cast)
    number = Invitation.objects.get().pk
    cast.client("charlie").post(f"/t/others/members/invitations/{number}/revoke/")
    assert cast.client("stranger").get(link).status_code == 200


def test_it_counts_only_while_who_made_it_may_make_it(cast: Cast, client: Client) -> None:
    link = invite(cast)
    Membership.objects.filter(user=cast.adam).update(role=Role.MEMBER)
    assert client.get(link).status_code == 404
    assert client.post(link, NEW).status_code == 404


def test_admins_invite_no_owners(cast: Cast) -> None:
    answer = cast.client("adam").post(INVITE, {"role": "owner"})
    assert (answer.status_code, Invitation.objects.count()) == (422, 0)
    adam = Access(cast.team, Membership.objects.get(user=cast.adam))
    with pytest.raises(PermissionDenied):
        invitations.invite(adam, Role.OWNER)
    assert not Invitation.objects.exists()


def test_one_with_an_address_is_for_that_person_only(cast: Cast, client: Client) -> None:
    link = invite(cast, email="Nora@Example.com")
    assert "This invitation is for <bdi>nora@example.com</bdi>" in cast.client("charlie").get(link).text
    assert "This invitation is for" in cast.client("charlie").post(link, follow=True).text
    client.post(link, NEW | {"email": "mallory@example.com"})
    assert User.objects.filter(email="nora@example.com").exists()


def test_an_address_with_an_account_is_sent_to_the_sign_in(cast: Cast, client: Client) -> None:
    link = invite(cast, email="charlie@example.com")
    assert f"/accounts/login/?next={link}" in client.get(link).text
    assert client.post(link, NEW).status_code == 422
    assert not Membership.objects.filter(team=cast.team, user=cast.charlie).exists()


def test_an_address_that_is_taken_or_a_weak_password_is_said_beside_it(cast: Cast, client: Client) -> None:
    answer = client.post(invite(cast), NEW | {"email": "Bob@example.com", "password": "short"})
    assert list(answer.context["form"].errors) == ["email", "password"]
    assert Invitation.objects.open().count() == 1


def test_a_member_is_not_invited_twice(cast: Cast) -> None:
    answer = cast.client("adam").post(INVITE, {"role": "member", "email": "bob@example.com"})
    assert "belongs to this team already" in answer.text


def test_it_is_in_the_audit_trail(cast: Cast, client: Client) -> None:
    client.post(invite(cast), NEW)
    assert list(AuditEntry.objects.order_by("pk").values_list("actor_name", "words")) == [
        ("Adam", "invited"),
        ("Nora", "joined the team"),
    ]


def test_of_many_who_have_the_page_open_one_gets_in(cast: Cast) -> None:
    adam = Access(cast.team, Membership.objects.get(user=cast.adam))
    token = invitations.invite(adam, Role.MEMBER).strip("/").rpartition("/")[2]
    both_pages_open = invitations.find_open(token), invitations.find_open(token)
    invitations.accept(both_pages_open[0], cast.charlie)
    late = User.objects.create_user("late@example.com")
    with pytest.raises(Refused, match="used already"):
        invitations.accept(both_pages_open[1], late)
    assert not Membership.objects.filter(user=late).exists()
