"""Strangers who guess are slowed down; the owner of the account, their browser and their mailbox are not."""

import re
import time

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from raxdash.cache import ForgivingRedisCache
from teams.models import User
from teams.sign_in.attempts import PER_ACCOUNT, PER_ACCOUNT_AND_ADDRESS, PER_KNOWN_BROWSER
from teams.sign_in.places import place
from tests.cast import PASSWORD, Cast

LOGIN, RESET, AGAIN = "/accounts/login/", "/accounts/password/reset/", "/accounts/reauthenticate/"
HOUR = 3600
TOO_MANY = "Too many failed login attempts from here"
HERE, ELSEWHERE = "203.0.113.1", "198.51.100.7"


@pytest.fixture
def alice(cast: Cast) -> User:
    """Alice, who has a password."""
    cast.alice.set_password(PASSWORD)
    cast.alice.save(update_fields=["password"])
    return cast.alice


def try_password(client: Client, password: str = PASSWORD, address: str = HERE):
    return client.post(LOGIN, {"login": "alice@example.com", "password": password}, REMOTE_ADDR=address)


def guess(times: int = 5, address: str = HERE) -> None:
    for _ in range(times):
        try_password(Client(), "wrong password", address)


def is_in(answer) -> bool:
    return answer.status_code == 302


def choose_a_new_password(client: Client, password: str) -> None:
    client.post(RESET, {"email": "alice@example.com"})
    link = re.search(r"https?://\S+", mail.outbox[-1].body.partition("Open this link")[2])[0]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": password, "password2": password})


def test_five_wrong_passwords_stop_their_own_address_alone(alice: User) -> None:
    guess()
    assert TOO_MANY in try_password(Client()).text
    assert is_in(try_password(Client(), address=ELSEWHERE))


def test_a_browser_that_signed_in_before_passes(alice: User) -> None:
    own = Client()
    assert is_in(try_password(own))
    own.post("/accounts/logout/")
    guess(30)
    assert is_in(try_password(own))


def test_it_passes_also_where_the_whole_account_is_under_attack(alice: User) -> None:
    own = Client()
    try_password(own)
    own.post("/accounts/logout/")
    for number in range(PER_ACCOUNT.most // PER_ACCOUNT_AND_ADDRESS.most):
        guess(address=f"10.0.0.{number}")
    assert TOO_MANY in try_password(Client(), address=ELSEWHERE).text
    assert is_in(try_password(own, address=ELSEWHERE))


def test_a_new_password_by_mail_lets_its_owner_in(alice: User) -> None:
    for number in range(PER_ACCOUNT.most // PER_ACCOUNT_AND_ADDRESS.most):
        guess(address=f"10.0.0.{number}")
    own = Client(REMOTE_ADDR=HERE)
    choose_a_new_password(own, "quite another password")
    for number in range(PER_ACCOUNT.most // PER_ACCOUNT_AND_ADDRESS.most):
        guess(address=f"10.0.1.{number}")
    assert is_in(try_password(own, "quite another password"))


def test_a_known_browser_is_a_stranger_after_a_new_password(alice: User) -> None:
    squatter = Client()
    try_password(squatter)
    choose_a_new_password(Client(), "quite another password")
    guess()
    assert TOO_MANY in try_password(squatter, "quite another password").text


def test_a_known_browser_may_not_guess_for_ever(alice: User) -> None:
    own = Client()
    try_password(own)
    own.post("/accounts/logout/")
    for _ in range(PER_KNOWN_BROWSER.most):
        try_password(own, "wrong password")
    assert TOO_MANY in try_password(own).text


def test_a_browser_is_known_for_its_own_account_only(alice: User, cast: Cast) -> None:
    cast.bob.set_password(PASSWORD)
    cast.bob.save()
    bob = Client()
    bob.post(LOGIN, {"login": "bob@example.com", "password": PASSWORD}, REMOTE_ADDR=HERE)
    bob.post("/accounts/logout/")
    guess()
    assert TOO_MANY in try_password(bob).text


def test_a_forged_cookie_is_worth_nothing(alice: User, settings: Settings) -> None:
    client = Client()
    client.cookies[settings.BROWSER_COOKIE_NAME] = "eyJuYW1lIjoieCJ9:forged:cookie"
    guess()
    assert TOO_MANY in try_password(client).text


def test_no_script_reads_the_cookie(alice: User, settings: Settings) -> None:
    cookie = try_password(Client()).cookies[settings.BROWSER_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert alice.email not in cookie.value


def test_who_is_signed_in_says_the_password_again_whatever_strangers_do(alice: User) -> None:
    own = Client()
    try_password(own)
    guess(12)
    assert is_in(own.post(AGAIN, {"password": PASSWORD}, REMOTE_ADDR=HERE))


def test_a_stolen_session_does_not_guess_the_password(alice: User) -> None:
    own = Client()
    try_password(own)
    for _ in range(5):
        own.post(AGAIN, {"password": "wrong password"})
    assert TOO_MANY in own.post(AGAIN, {"password": PASSWORD}).text


def test_a_stranger_fills_no_mailbox_and_the_links_sent_still_work(alice: User) -> None:
    stranger = Client(REMOTE_ADDR=ELSEWHERE)
    answers = [stranger.post(RESET, {"email": "alice@example.com"}).status_code for _ in range(8)]
    assert set(answers) == {302}
    assert len(mail.outbox) == 5
    link = re.search(r"https?://\S+", mail.outbox[0].body.partition("Open this link")[2])[0]
    assert "Choose a new password" in Client().get(link, follow=True).text


def test_a_known_browser_is_still_sent_a_link(alice: User) -> None:
    own = Client()
    try_password(own)
    own.post("/accounts/logout/")
    for _ in range(8):
        Client(REMOTE_ADDR=ELSEWHERE).post(RESET, {"email": "alice@example.com"})
    mail.outbox.clear()
    choose_a_new_password(own, "quite another password")
    assert is_in(try_password(own, "quite another password"))


def test_a_flood_at_an_address_leaves_the_known_browser_there_alone(alice: User) -> None:
    own = Client()
    try_password(own)
    own.post("/accounts/logout/")
    guess(31)
    assert try_password(Client()).status_code == 429
    assert is_in(try_password(own))


@pytest.mark.parametrize(
    ("address", "other", "is_one_place"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.1", "203.0.113.1", True),
        ("::ffff:203.0.113.1", "::ffff:203.0.113.2", False),
        ("64:ff9b::cb00:7101", "64:ff9b::cb00:7102", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "not an address", True),
    ],
)
def test_one_place_has_one_name(address: str, other: str, is_one_place: bool) -> None:
    assert (place(address) == place(other)) is is_one_place


@pytest.mark.parametrize("hours", [1, 24 * 365])
def test_a_clock_that_is_set_back_keeps_nobody_out(
    alice: User, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    guess()
    ahead = time.time()
    monkeypatch.setattr(time, "time", lambda: ahead - hours * HOUR)
    assert is_in(try_password(Client()))


def test_five_minutes_later_one_may_try_again(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    guess()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + PER_ACCOUNT_AND_ADDRESS.seconds + 1)
    assert is_in(try_password(Client()))


@pytest.mark.parametrize("away", ["redis://127.0.0.1:1/0"])
def test_people_sign_in_while_the_cache_is_away(
    alice: User, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    monkeypatch.setattr("teams.sign_in.rates.cache", ForgivingRedisCache(away, {}))
    guess()
    assert is_in(try_password(Client()))


def test_redis_counts_for_all_processes(alice: User, monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    for _ in range(5):  # each time another process
        monkeypatch.setattr("teams.sign_in.rates.cache", ForgivingRedisCache(redis_url, {}))
        guess(1)
    assert TOO_MANY in try_password(Client()).text
