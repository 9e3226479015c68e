"""A team with more keys than a menu can show searches among them; the page stays as small as ever."""

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from playground.editor.form.choices import LONGEST_MENU, PROPOSED, Choices
from playground.editor.form.run_form import RunForm
from teams.models import Key, Membership, Plan, Role
from tests.cast import Cast

PLAYGROUND, KEYS = "/t/acme/playground/", "/t/acme/playground/keys/"
MANY = 5_000
MOST_BYTES = 200_000


def add_keys(cast: Cast, count: int) -> None:
    key = cast.key
    more = [
        Key(team=cast.team, owner=cast.alice, name=f"Key {number:04}", base_url=key.base_url, plan=Plan.PRO)
        for number in range(count)
    ]
    for each in more:
        each.ciphertext, each.encryption_key_id = key.ciphertext, key.encryption_key_id
    Key.objects.bulk_create(more, batch_size=500)


@pytest.fixture
def many(cast: Cast) -> Choices:
    add_keys(cast, MANY)
    return Choices.of(Membership.objects.get(user=cast.bob))


def form(choices: Choices, key: str) -> RunForm:
    return RunForm({"message": "Hi", "model": "rax-4.0", "key": key}, choices=choices)


def test_the_page_does_not_grow_with_the_keys(
    many: Choices, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.client("bob")
    with django_assert_max_num_queries(14):
        page = client.get(PLAYGROUND)
    assert len(page.content) < MOST_BYTES / 4
    (proposed,) = re.findall(r'<datalist id="key-names">(.*?)</datalist>', page.text, re.DOTALL)
    assert proposed.count("<option") == PROPOSED


def test_names_are_proposed_by_a_part_of_them(many: Choices, cast: Cast) -> None:
    answer = cast.client("bob").get(KEYS, {"key": "EY 499"})
    assert answer.text.count("<option") == 10
    assert 'value="Key 4999"' in answer.text
    assert cast.client("bob").get(KEYS, {"key": "nothing\0like it"}).text.strip() == ""


def test_a_name_that_is_typed_is_the_key(many: Choices) -> None:
    filled = form(many, " Key 4999 ")
    assert "key" not in filled.errors
    assert filled.cleaned_data["key"].name == "Key 4999"


def test_the_key_of_the_last_run_is_shown_by_its_name(many: Choices) -> None:
    last = Key.objects.get(name="Key 4321")
    assert RunForm(initial={"key": str(last.pk)}, choices=many)["key"].value() == "Key 4321"


def test_columns_that_name_the_same_key_ask_for_it_once(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_keys(cast, LONGEST_MENU)
    choices = Choices.of(Membership.objects.get(user=cast.bob))
    with django_assert_num_queries(1):
        first, second = choices.key("Key 0099"), choices.key(" Key 0099 ")
        assert first == second == choices.key(str(first and first.pk)) is not None


@pytest.mark.parametrize("key", ["Key 4", "no such key", "00000000-0000-0000-0000-000000000000"])
def test_a_name_that_no_key_has_is_told_beside_it(many: Choices, key: str) -> None:
    assert "no key of this name" in str(form(many, key).errors["key"])


def test_nobody_finds_a_key_they_may_not_spend_on(many: Choices, cast: Cast) -> None:
    Key.objects.filter(name="Key 4999").update(only_spenders=True)
    assert "key" in form(many, "Key 4999").errors
    assert "Key 4999" not in cast.client("bob").get(KEYS, {"key": "4999"}).text


def test_viewers_are_proposed_nothing(cast: Cast) -> None:
    assert Membership.objects.get(user=cast.vera).role == Role.VIEWER
    assert cast.client("vera").get(KEYS).status_code == 403


def test_a_hundred_keys_are_a_menu(cast: Cast) -> None:
    add_keys(cast, LONGEST_MENU - 1)
    page = cast.client("bob").get(PLAYGROUND).text
    (menu,) = re.findall(r'<select name="key".*?</select>', page, re.DOTALL)
    assert menu.count("<option") == LONGEST_MENU
    assert "<select" in page
