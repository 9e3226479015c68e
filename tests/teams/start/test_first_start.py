"""The first start in the browser: one page, guarded, checked live, all or nothing."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from teams.models import Key, Membership, Plan, Role, Team, User
from teams.start import first_start
from tests.cast import PASSWORD, Cast
from tests.installation import free_port

pytestmark = pytest.mark.django_db
FORM = {
    "email": "Alice@Example.com",
    "password": PASSWORD,
    "team_name": "Acme",
    "time_zone": "Asia/Kathmandu",
    "key_name": "Main key",
    "secret": "rax_demo_free",
    "plan": "free",
}


def address() -> str:
    return f"{reverse('setup')}?token={first_start.token()}"


def post(client: Client, **fields: str) -> Any:
    return client.post(address(), FORM | fields)


def test_the_start_page_says_where_the_address_is(client: Client) -> None:
    assert "./manage.py address" in client.get("/").text


def test_the_printed_address_opens_it(client: Client) -> None:
    assert first_start.address().endswith(address())
    page = client.get(address())
    assert (page.status_code, "Welcome to raxdash" in page.text) == (200, True)
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("query", ["", "?token=", "?token=guessed", "?token=%F0%9F%98%80"])
def test_it_stays_closed_without_the_token(client: Client, query: str) -> None:
    for answer in (client.get(reverse("setup") + query), client.post(reverse("setup") + query, FORM)):
        assert answer.status_code == 403
        assert first_start.token() not in answer.text
    assert not User.objects.exists()


def test_it_is_over_once_somebody_is_there(client: Client, cast: Cast) -> None:
    for answer in (client.get(address()), post(client)):
        assert (answer.status_code, answer["Location"]) == (302, "/")
    assert not User.objects.filter(email="alice@example.com").exclude(pk=cast.alice.pk).exists()
    assert first_start.address().endswith("/")


def test_it_makes_owner_team_and_key_and_signs_in(client: Client, provider: str) -> None:
    answer = post(client, base_url=provider)
    assert (answer.status_code, answer.url) == (302, "/t/acme/playground/")
    owner = User.objects.get()
    assert (owner.email, owner.check_password(PASSWORD)) == ("alice@example.com", True)
    assert EmailAddress.objects.filter(user=owner, verified=True, primary=True).exists()
    assert Membership.objects.get(user=owner).role == Role.OWNER
    assert Team.objects.get().time_zone == "Asia/Kathmandu"
    assert Key.objects.get().reveal_secret() == "rax_demo_free"
    assert client.get("/")["Location"] == "/t/acme/playground/"


def test_an_htmx_post_is_sent_on_by_its_header(client: Client, provider: str) -> None:
    answer = client.post(address(), FORM | {"base_url": provider}, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/t/acme/playground/")


def test_the_simulator_needs_no_key(client: Client, provider: str) -> None:
    post(client, secret="", key_name="", plan="", base_url="", use_simulator="1")
    key = Key.objects.get()
    assert (key.name, key.base_url, key.plan) == ("Simulator", provider, Plan.PRO)


def test_no_simulator_is_offered_where_there_is_none(client: Client, settings: Settings) -> None:
    assert "Use the local simulator" not in client.get(address()).text
    assert post(client, secret="", use_simulator="1").status_code == 422


def test_own_numbers_are_kept(client: Client, provider: str) -> None:
    limits = {"requests_per_minute": "90", "tokens_per_day": "5000", "tokens_per_period": ""}
    post(client, base_url=provider, plan="own", **limits)
    saved = Key.objects.get().limits()
    assert (saved.requests_per_minute, saved.tokens_per_day, saved.tokens_per_period) == (90, 5000, None)


def test_numbers_of_another_plan_are_not_kept(client: Client, provider: str) -> None:
    post(client, base_url=provider, plan="pro", requests_per_minute="90")
    assert Key.objects.get().requests_per_minute is None


def test_a_wrong_key_is_said_beside_it_and_saves_nothing(client: Client, provider: str) -> None:
    answer = post(client, base_url=provider, secret="rax_wrong")
    assert answer.status_code == 422
    assert answer.context["form"].errors["secret"] == [
        "The provider does not know this key. Copy it again, whole."
    ]
    assert "rax_wrong" not in answer.text
    assert not User.objects.exists()
    assert not Team.objects.exists()


def test_a_malformed_key_is_never_sent_or_shown(client: Client, provider: str) -> None:
    answer = post(client, base_url=provider, secret="rax_two words")
    assert "A key has no spaces" in answer.context["form"].errors["secret"][0]
    assert "rax_two" not in answer.text


def test_a_silent_address_is_said_beside_it(client: Client, provider: str) -> None:
    answer = post(client, base_url=f"http://127.0.0.1:{free_port()}/api/v1")
    assert answer.context["form"].errors["base_url"] == [
        "Nothing answers at this address. Check the address, or try again."
    ]


@pytest.mark.parametrize(
    "base_url", ["ai.raxcore.dev", "ftp://ai.raxcore.dev", "https://user:pass@host/v1", "https://"]
)
def test_a_malformed_address_is_said_beside_it(client: Client, provider: str, base_url: str) -> None:
    answer = post(client, base_url=base_url)
    assert "Write an address such as" in answer.context["form"].errors["base_url"][0]


def test_an_address_of_the_own_network_is_refused(client: Client, settings: Settings) -> None:
    answer = post(client, base_url="http://127.0.0.1:9/api/v1")
    assert "UPSTREAM_ALLOW" in answer.context["form"].errors["base_url"][0]


def test_a_public_address_is_asked_by_https_only(client: Client) -> None:
    answer = post(client, base_url="http://93.184.216.34/api/v1")
    assert "Begin it with https://" in answer.context["form"].errors["base_url"][0]


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "nobody"},
        {"password": "short"},
        {"password": "1234567890"},
        {"password": "alice@example.com"},
        {"team_name": " "},
        {"plan": "gold"},
        {"plan": "own", "tokens_per_day": "-1"},
        {"plan": "own", "tokens_per_day": "9" * 30},
        {"secret": ""},
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    client: Client, provider: str, fields: dict[str, str]
) -> None:
    answer = post(client, base_url=provider, **fields)
    name = list(fields)[-1]
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
    assert f'id="id_{name}_error"' in answer.text
    assert not User.objects.exists()


def test_what_was_typed_comes_back_except_the_secrets(client: Client, provider: str) -> None:
    answer = post(client, base_url=provider, plan="own", tokens_per_day="5000", secret="rax_wrong")
    for value in ("Alice@Example.com", "Acme", "Main key", "5000", "Asia/Kathmandu"):
        assert f'value="{value}"' in answer.text
    assert PASSWORD not in answer.text


def test_an_htmx_error_is_the_form_alone(client: Client, provider: str) -> None:
    answer = client.post(address(), FORM | {"email": "nobody"}, headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert answer.text.strip().startswith("<form")


def test_spaces_around_a_password_count(client: Client, provider: str) -> None:
    post(client, base_url=provider, password="  a long enough password ")
    assert User.objects.get().check_password("  a long enough password ")


def test_an_unknown_time_zone_becomes_utc(client: Client, provider: str) -> None:
    post(client, base_url=provider, time_zone="Mars/Olympus")
    assert Team.objects.get().time_zone == "UTC"


def test_nothing_is_saved_when_the_last_step_fails(client: Client, provider: str, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = {}  # sealing the key comes last
    client.raise_request_exception = False
    assert post(client, base_url=provider).status_code == 500
    assert not User.objects.exists()
    assert not Team.objects.exists()
