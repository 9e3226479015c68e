"""Models that are used though no list names them are shown, with who uses them."""

import pytest

from tests.cast import Cast, make_key
from tests.usage.catalogue.page.stage import MODELS, NEW, NOON, OLD, tell, use, words
from tests.usage.polled import run
from usage.catalogue.page.overview import overview

UNLISTED = {"state": "unlisted"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def test_a_model_that_no_list_names_is_told_with_its_users(cast: Cast) -> None:
    tell(cast.key, [NEW], NOON)
    use(cast.key, "rax-hidden", {17: 200_000, 23: 40_000})
    assert "rax-hidden is used, but in no key's list. Who uses it" in words(cast)
    text = words(cast, "?state=unlisted")
    assert "rax-hidden Main key today" in text
    assert "200 k last week 40 k this week" in text


def test_once_a_list_names_it_it_is_a_model_like_the_others(cast: Cast) -> None:
    use(cast.key, "rax-4.0", {22: 40_000})
    assert [row.name for row in overview(cast.team, UNLISTED, NOON).unlisted] == ["rax-4.0"]
    tell(cast.key, [OLD], NOON)
    assert overview(cast.team, UNLISTED, NOON).unlisted == []
    assert "in no key's list" not in words(cast)


def test_of_a_server_without_a_list_what_raxdash_ran_is_told(cast: Cast) -> None:
    run(cast.key, NOON, 300, model="llama")
    assert "llama is used, but in no key's list." in words(cast)


def test_what_nobody_used_lately_is_listed_and_in_no_sentence(cast: Cast) -> None:
    tell(cast.key, [NEW], NOON)
    use(cast.key, "rax-hidden", {2: 700})
    assert "in no key's list" not in words(cast)
    assert "rax-hidden no key" in words(cast, "?state=unlisted")
    assert "rax-4.5" not in words(cast, "?state=unlisted&q=hidden")
    assert "Show all models" in words(cast, "?state=unlisted&q=nothing")


def test_other_teams_models_are_not_among_them(cast: Cast, django_assert_max_num_queries) -> None:
    use(make_key(cast.other_team, cast.charlie, "Theirs"), "rax-secret", {22: 700})
    for number in range(30):
        run(cast.key, NOON, 300, model=f"model-{number}")
    alice = cast.client("alice")
    alice.get(MODELS)
    with django_assert_max_num_queries(12):
        page = alice.get(f"{MODELS}?state=unlisted&page=2")
    assert page.text.count('data-label="Tokens a week"') == 5
    assert "rax-secret" not in page.text
