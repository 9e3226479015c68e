"""Claiming somebody's address gains nothing: the account is theirs as soon as they open a mail."""

import re
from importlib import import_module
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from raxdash import servers
from teams.models import Invitation, Membership, Team
from tests.cast import PASSWORD, Cast

VICTIM = "victim@example.com"
NEW_PASSWORD = "quite another password"


def invite(client: Client, team: Team, email: str = VICTIM) -> str:
    page = client.post(f"/t/{team.slug}/members/invite/", {"role": "member", "email": email}).text
    return urlsplit(re.search(r'value="(http[^"]+/invitations/[^"]+)"', page)[1]).path


@pytest.fixture
def squatter(cast: Cast) -> Client:
    """Charlie invites the victim to his own team, opens the link himself, and is signed in as the victim."""
    client = Client()
    link = invite(cast.client("charlie"), cast.other_team)
    client.post(link, {"name": "Victim", "password": PASSWORD})
    return client


def reset(client: Client, email: str = VICTIM, password: str = NEW_PASSWORD) -> None:
    client.post("/accounts/password/reset/", {"email": email})
    link = re.search(r"https?://\S+", mail.outbox[-1].body.partition("Open this link")[2])[0]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": password, "password2": password})


def address() -> EmailAddress:
    return EmailAddress.objects.get(email=VICTIM)


def is_in(team: Team) -> bool:
    return Membership.objects.filter(team=team, user__email=VICTIM).exists()


def test_a_link_that_was_not_mailed_proves_nothing(squatter: Client) -> None:
    assert not address().verified


def test_whoever_was_invited_can_use_the_account(squatter: Client) -> None:
    assert squatter.get("/t/others/playground/").status_code == 200


def test_a_claimed_address_opens_no_invitation_of_another_team(squatter: Client, cast: Cast) -> None:
    link = invite(cast.client("adam"), cast.team)
    assert "has not shown yet that the address is yours" in squatter.get(link).text
    assert "has not shown yet" in squatter.post(link, follow=True).text
    assert not is_in(cast.team)
    assert Invitation.objects.open().filter(team=cast.team).exists()


def test_an_open_link_is_for_whoever_has_it(squatter: Client, cast: Cast) -> None:
    squatter.post(invite(cast.client("adam"), cast.team, email=""))
    assert is_in(cast.team)


def test_the_holder_of_the_mailbox_takes_the_account_over(squatter: Client, cast: Cast) -> None:
    link, victim = invite(cast.client("adam"), cast.team), Client()
    assert "Choose one by mail" in victim.get(link).text
    reset(victim)
    assert address().verified
    assert squatter.get("/t/others/playground/").status_code == 302
    victim.post("/accounts/login/", {"login": VICTIM, "password": NEW_PASSWORD})
    victim.post(link)
    assert is_in(cast.team)


def test_the_squatter_s_password_is_worth_nothing_then(squatter: Client) -> None:
    reset(Client())
    answer = Client().post("/accounts/login/", {"login": VICTIM, "password": PASSWORD})
    assert "not correct" in answer.text


def test_who_asks_for_the_mail_proves_nothing(squatter: Client) -> None:
    squatter.post("/accounts/password/reset/", {"email": VICTIM})
    assert not address().verified


def test_the_link_on_the_console_can_be_copied(
    squatter: Client, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAILERS = {"default": servers.mailer(production=False)}
    Client().post("/accounts/password/reset/", {"email": VICTIM})
    printed = capsys.readouterr().out
    link = re.search(r"^https?://\S+$", printed, re.MULTILINE)[0]
    assert f"To: {VICTIM}" in printed
    assert "Choose a new password" in Client().get(urlsplit(link).path, follow=True).text


def test_accounts_that_were_invited_before_only_claim_their_address(squatter: Client, cast: Cast) -> None:
    EmailAddress.objects.update(verified=True)
    EmailAddress.objects.create(user=cast.alice, email=cast.alice.email, primary=True, verified=True)
    old = import_module("teams.migrations.0009_invited_addresses_are_claims")
    old.unprove(apps, None)
    assert not address().verified
    assert EmailAddress.objects.get(user=cast.alice).verified
