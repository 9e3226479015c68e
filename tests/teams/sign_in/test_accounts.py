"""People sign in and out, and get a new password by mail."""

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from teams.models import User
from tests.cast import PASSWORD, Cast

LOGIN = "/accounts/login/"
NEW_PASSWORD = "quite another password"


@pytest.fixture
def alice(cast: Cast) -> User:
    """Alice, with her password."""
    cast.alice.set_password(PASSWORD)
    cast.alice.save(update_fields=["password"])
    return cast.alice


def sign_in(client: Client, email: str = "alice@example.com", password: str = PASSWORD, **headers: str):
    return client.post(LOGIN, {"login": email, "password": password}, headers=headers)


def ask_for_a_link(client: Client, email: str = "alice@example.com") -> str:
    client.post("/accounts/password/reset/", {"email": email})
    return re.search(r"https?://\S+", mail.outbox[-1].body.partition("Open this link")[2])[0]


@pytest.mark.parametrize("email", ["alice@example.com", "ALICE@Example.com"])
def test_they_sign_in_whatever_the_case_of_the_address(client: Client, alice: User, email: str) -> None:
    assert sign_in(client, email).url == "/"
    assert client.get("/")["Location"] == "/t/acme/playground/"


def test_the_page_says_email_password_and_sign_in(client: Client, alice: User) -> None:
    page = client.get(LOGIN).text
    for words in (">Email</label>", ">Password</label>", ">Sign in</button>"):
        assert words in page


@pytest.mark.parametrize("email", ["alice@example.com", "unknown@example.com"])
def test_a_wrong_password_is_said_alike_for_everybody(client: Client, alice: User, email: str) -> None:
    answer = sign_in(client, email, "not the password")
    assert "not correct" in answer.text
    assert client.get("/t/acme/keys/").status_code == 302


def test_they_come_back_to_the_page_they_wanted(client: Client, alice: User) -> None:
    login = client.get("/t/acme/keys/")["Location"]
    assert login == "/accounts/login/?next=/t/acme/keys/"
    fields = {"login": alice.email, "password": PASSWORD, "next": "/t/acme/keys/"}
    assert client.post(login, fields)["Location"] == "/t/acme/keys/"


def test_they_are_not_sent_to_another_site(client: Client, alice: User) -> None:
    fields = {"login": alice.email, "password": PASSWORD, "next": "https://evil.example.com/"}
    assert client.post(LOGIN, fields)["Location"] == "/"


def test_they_sign_out_by_a_post_only(client: Client, alice: User) -> None:
    sign_in(client)
    assert "Sign out?" in client.get("/accounts/logout/").text
    assert client.get("/t/acme/keys/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/t/acme/keys/").status_code == 302


def test_nobody_signs_up_by_themselves(client: Client, cast: Cast) -> None:
    people = User.objects.count()
    answer = client.post("/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD})
    assert "By invitation only" in answer.text
    assert User.objects.count() == people


def test_the_mail_is_in_our_words_with_a_link_that_works_once(client: Client, alice: User) -> None:
    link = ask_for_a_link(client)
    letter = mail.outbox[0]
    assert (letter.subject, letter.to) == ("Choose a new password for raxdash", ["alice@example.com"])
    assert "example.com!" not in letter.body
    form = client.get(link, follow=True)
    choice = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(form.redirect_chain[-1][0], choice)
    assert sign_in(Client(), password=NEW_PASSWORD).url == "/"
    assert "This link no longer works" in Client().get(link, follow=True).text


def test_the_link_does_not_follow_the_host_of_who_asked(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["*"], "https://raxdash.example.com"
    client.post("/accounts/password/reset/", {"email": alice.email}, headers={"host": "evil.example.com"})
    assert "https://raxdash.example.com/accounts/password/reset/key/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


def test_a_new_password_ends_the_other_sessions(client: Client, alice: User) -> None:
    other = Client()
    sign_in(other)
    form = client.get(ask_for_a_link(client), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert other.get("/t/acme/keys/").status_code == 302


def test_a_weak_new_password_is_refused(client: Client, alice: User) -> None:
    form = client.get(ask_for_a_link(client), follow=True)
    answer = client.post(form.redirect_chain[-1][0], {"password1": "short", "password2": "short"})
    assert "too short" in answer.text


def test_strangers_learn_nothing_from_asking_for_a_link(client: Client, alice: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    unknown = client.post("/accounts/password/reset/", {"email": "unknown@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert mail.outbox[1].subject == "No raxdash account with this address"
    assert "signup" not in mail.outbox[1].body


def test_a_mail_server_that_is_away_is_said_in_words(client: Client, alice: User, settings: Settings) -> None:
    nowhere = {"host": "127.0.0.1", "port": 9, "timeout": 2}
    settings.MAILERS = {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": nowhere}
    }
    answer = client.post("/accounts/password/reset/", {"email": alice.email}, follow=True)
    assert answer.status_code == 200
    assert "The mail server did not take the mail" in answer.text


def test_guessing_is_slowed_down_whatever_headers_say(client: Client, alice: User) -> None:
    for number in range(5):
        sign_in(client, password="wrong password", **{"X-Forwarded-For": f"203.0.113.{number}"})
    answer = sign_in(client, **{"X-Forwarded-For": "203.0.113.99"})
    assert "Too many failed login attempts" in answer.text
    assert client.get("/t/acme/keys/").status_code == 302


def test_a_flood_of_attempts_is_answered_429(client: Client, alice: User) -> None:
    answers = [sign_in(client, f"guess{number}@example.com", "wrong") for number in range(31)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].text


def test_a_person_without_a_team_is_told_what_to_do(cast: Cast) -> None:
    cast.bob.memberships.all().delete()
    assert "You belong to no team" in cast.client("bob").get("/").text


@pytest.mark.parametrize(
    "page",
    [
        "password/change/",
        "password/reset/",
        "password/reset/done/",
        "logout/",
        "inactive/",
        "reauthenticate/",
    ],
)
def test_every_account_page_has_one_heading(cast: Cast, page: str) -> None:
    cast.alice.set_password(PASSWORD)
    cast.alice.save(update_fields=["password"])
    text = cast.client("alice").get(f"/accounts/{page}").text
    assert text.count("<h1") == 1
