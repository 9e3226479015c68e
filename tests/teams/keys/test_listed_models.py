"""What a check of a key was told by `/models` is on offer at once, before any poll."""

import io

import httpx
import orjson
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from rax import Model
from teams.keys.deeds import KeyDetails, save_key
from teams.models import Key
from teams.start import first_start
from tests.cast import PASSWORD, Cast
from usage.models import CatalogueModel, ModelListing, ModelOffer

pytestmark = pytest.mark.django_db
OWNER = {"email": "alice@example.com", "password": PASSWORD}
KEY = {"key_name": "New key", "secret": "rax_demo_free", "plan": "free"}


def offered() -> dict[str, set[str]]:
    """Return the models that each key is offered, as far as anybody knows."""
    found: dict[str, set[str]] = {}
    for key, model in ModelOffer.objects.open().values_list("key__name", "model__name"):
        found.setdefault(key, set()).add(model)
    return found


def test_the_simulator_of_the_first_start_has_models_in_the_playground(client: Client, provider: str) -> None:
    address = f"{reverse('setup')}?token={first_start.token()}"
    answer = client.post(address, OWNER | {"team_name": "Acme", "use_simulator": "1"})
    assert offered() == {"Simulator": {"rax-4.0", "rax-4.5"}}
    assert client.get(answer["Location"]).context["form"]["model"].value() == "rax-4.0"


def test_a_set_up_from_the_shell_has_them(provider: str) -> None:
    given = OWNER | {"team": "Acme", "key": "rax_demo_pro", "base_url": provider}
    for _ in range(2):
        call_command("setup", stdout=io.StringIO(), **given)
    assert offered() == {"Main key": {"rax-4.0", "rax-4.5"}}
    assert CatalogueModel.objects.get(name="rax-4.5").max_tokens == 4096


def test_a_key_that_is_added_has_them(cast: Cast, provider: str) -> None:
    cast.client("adam").post("/t/acme/keys/add/", KEY | {"base_url": provider})
    assert offered() == {"New key": {"rax-4.0", "rax-4.5"}}


def test_its_list_is_kept_as_it_came(cast: Cast, provider: str) -> None:
    cast.client("adam").post("/t/acme/keys/add/", KEY | {"base_url": provider})
    body = ModelListing.objects.select_related("body").get().body
    assert body is not None
    told = httpx.get(f"{provider}/models", headers={"Authorization": f"Bearer {KEY['secret']}"})
    assert (body.is_cut, orjson.loads(body.text)) == (False, told.json())


@pytest.mark.parametrize("deed", ["replace_secret", "check_key"])
def test_a_key_that_is_asked_about_again_has_them(cast: Cast, provider: str, deed: str) -> None:
    if deed == "check_key":
        cast.key.move_to(provider)
        cast.key.set_secret("rax_demo_pro")
        cast.key.save()
    page = reverse(f"teams:{deed}", args=["acme", cast.key.pk])
    cast.client("adam").post(page, {"base_url": provider, "secret": "rax_demo_pro"})
    assert offered() == {"Main key": {"rax-4.0", "rax-4.5"}}


def test_a_key_that_is_refused_says_nothing_of_models(cast: Cast, provider: str) -> None:
    cast.client("adam").post("/t/acme/keys/add/", KEY | {"secret": "rax_wrong", "base_url": provider})
    assert (offered(), Key.objects.filter(name="New key").exists()) == ({}, False)


@pytest.mark.parametrize("models", [None, ()])
def test_a_server_that_lists_none_takes_nothing_back(cast: Cast, models: tuple[Model, ...] | None) -> None:
    details = KeyDetails("New key", "rax_demo_free", "http://127.0.0.1:9/api/v1", models=(Model("rax-4.0"),))
    save_key(cast.team, cast.adam, details)
    save_key(cast.team, cast.adam, KeyDetails(*("New key", details.secret, details.base_url), models=models))
    assert offered() == {"New key": {"rax-4.0"}}
