"""The keys page: add one that the provider takes, retire one, show a secret to nobody."""

from django.test import Client
from django.urls import reverse

from teams.models import Key, Plan
from tests.cast import Cast

KEYS = "/t/acme/keys/"
ADD = f"{KEYS}add/"
FORM = {"key_name": "Second key", "secret": "rax_demo_free", "plan": "free"}


def add(cast: Cast, provider: str, person: str = "adam", **fields: str):
    return cast.client(person).post(ADD, FORM | {"base_url": provider} | fields)


def retire_address(key: Key) -> str:
    return reverse("teams:retire_key", args=["acme", key.pk])


def test_the_list_shows_a_hint_and_never_the_secret(cast: Cast) -> None:
    page = cast.client("alice").get(KEYS).text
    assert "…_pro" in page
    assert "rax_demo_pro" not in page


def test_the_list_shows_only_the_own_team(cast: Cast) -> None:
    assert "Main key" not in cast.client("charlie").get("/t/others/keys/").text


def test_viewers_see_no_buttons(cast: Cast) -> None:
    page = cast.client("vera").get(KEYS).text
    assert "Main key" in page
    assert "Add a key" not in page
    assert "Retire" not in page


def test_the_list_costs_the_same_for_many_keys(cast: Cast, django_assert_max_num_queries) -> None:
    from tests.cast import make_key

    for number in range(20):
        make_key(cast.team, cast.bob, f"Key {number}")
    client = cast.client("alice")
    with django_assert_max_num_queries(15):
        client.get(KEYS)


def test_an_admin_adds_a_key_that_the_provider_takes(cast: Cast, provider: str) -> None:
    answer = add(cast, provider)
    assert (answer.status_code, answer.url) == (302, KEYS)
    key = Key.objects.get(name="Second key")
    assert (key.team, key.owner, key.plan, key.reveal_secret()) == (
        cast.team,
        cast.adam,
        Plan.FREE,
        "rax_demo_free",
    )


def test_htmx_is_sent_on_by_its_header(cast: Cast, provider: str) -> None:
    answer = cast.client("adam").post(ADD, FORM | {"base_url": provider}, headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == KEYS


def test_a_wrong_key_is_not_saved(cast: Cast, provider: str) -> None:
    answer = add(cast, provider, secret="rax_wrong")
    assert answer.status_code == 422
    assert "does not know this key" in answer.text
    assert cast.team.keys.count() == 1


def test_a_name_that_is_taken_is_refused_before_asking(cast: Cast) -> None:
    answer = add(cast, "http://127.0.0.1:9/api/v1", key_name="Main key")
    assert answer.context["form"].errors == {
        "key_name": ["There is a key named Main key already. Choose another name."]
    }


def test_the_form_offers_a_free_name(cast: Cast) -> None:
    assert 'value="Main key 2"' in cast.client("alice").get(ADD).text


def test_the_simulator_is_named_anew_each_time(cast: Cast, provider: str) -> None:
    for _ in range(2):
        add(cast, provider, key_name="Main key", secret="", use_simulator="1")
    assert set(cast.team.keys.values_list("name", flat=True)) == {"Main key", "Simulator", "Simulator 2"}


def test_a_server_without_a_catalogue_is_taken_and_said(cast: Cast, provider: str) -> None:
    answer = cast.client("adam").post(
        ADD, FORM | {"base_url": provider.removesuffix("/api/v1") + "/nothing"}, follow=True
    )
    assert "is not proven yet" in answer.text
    assert Key.objects.filter(name="Second key").exists()


def test_retiring_asks_first(cast: Cast) -> None:
    client = cast.client("adam")
    assert "Retire Main key?" in client.get(retire_address(cast.key)).text
    cast.key.refresh_from_db()
    assert Key.objects.usable().filter(pk=cast.key.pk).exists()
    assert client.post(retire_address(cast.key))["Location"] == KEYS
    cast.key.refresh_from_db()
    assert (cast.key.status, bytes(cast.key.ciphertext)) == (Key.Status.RETIRED, b"")


def test_a_key_of_another_team_is_not_there(cast: Cast, client: Client) -> None:
    address = reverse("teams:retire_key", args=["others", cast.key.pk])
    assert cast.client("charlie").post(address).status_code == 404
    cast.key.refresh_from_db()
    assert Key.objects.usable().filter(pk=cast.key.pk).exists()


def test_a_refused_key_is_not_used_and_a_retired_one_stays_retired(cast: Cast) -> None:
    cast.key.mark_refused("The provider does not know this key.")
    assert not Key.objects.usable().exists()
    assert "does not know this key" in cast.client("vera").get(KEYS).text
    cast.key.retire()
    cast.key.mark_refused("late news")
    cast.key.refresh_from_db()
    assert cast.key.status == Key.Status.RETIRED
    cast.key.mark_accepted()
    cast.key.refresh_from_db()
    assert cast.key.status == Key.Status.RETIRED
