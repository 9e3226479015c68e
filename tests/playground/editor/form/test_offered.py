"""A model that the key is not offered is refused in words, before anything is sent."""

from datetime import UTC, datetime

import pytest

from playground.editor.form.choices import Choices
from playground.editor.form.offered import advice
from playground.editor.form.run_form import RunForm
from teams.models import Key, Membership
from tests.cast import Cast, make_key
from usage.models import CatalogueModel, ModelOffer

LONG_AGO = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)


def offer(cast: Cast, name: str, *keys: Key, gone_at: datetime | None = None) -> None:
    model, _ = CatalogueModel.objects.get_or_create(
        team=cast.team,
        base_url=cast.key.base_url,
        name=name,
        defaults={"first_seen_at": LONG_AGO, "last_seen_at": LONG_AGO, "gone_at": gone_at},
    )
    for key in keys:
        ModelOffer.objects.create(key=key, model=model, since=LONG_AGO, last_seen_at=LONG_AGO)


def form(cast: Cast, model: str, **fields: str) -> RunForm:
    data = {"message": "Hi", "model": model, "idempotency_key": "a" * 32, "key": str(cast.key.pk), **fields}
    return RunForm(data, choices=Choices.of(Membership.objects.get(user=cast.bob)))


def why(cast: Cast, model: str) -> str:
    return " ".join(map(str, form(cast, model).errors.get("model", [])))


@pytest.fixture
def offered(cast: Cast) -> Cast:
    """Acme, whose key is offered two models."""
    offer(cast, "rax-4.0", cast.key)
    offer(cast, "rax-4.5", cast.key)
    return cast


@pytest.mark.parametrize("model", ["rax-4.0", " rax-4.5 "])
def test_what_it_is_offered_is_taken(offered: Cast, model: str) -> None:
    assert why(offered, model) == ""


@pytest.mark.parametrize(
    ("model", "meant"), [("RAX-4.0", "rax-4.0"), ("rax4.5", "rax-4.5"), ("rax-4.O", "rax-4.0")]
)
def test_a_slip_is_told_with_what_was_meant(offered: Cast, model: str, meant: str) -> None:
    assert why(offered, model) == f"Main key is not offered “{model}”. Did you mean {meant}?"


def test_where_nothing_is_like_it_some_are_named(offered: Cast) -> None:
    assert why(offered, "gpt") == "Main key is not offered “gpt”. It is offered rax-4.0, rax-4.5."
    for number in range(5):
        offer(offered, f"many-{number}", offered.key)
    assert why(offered, "gpt").endswith("many-0, many-1, many-2, many-3, many-4 and 2 more.")


@pytest.mark.parametrize("model", ["", "  "])
def test_no_model_is_told(offered: Cast, model: str) -> None:
    assert why(offered, model) == "Choose a model, or type its id."


def test_a_model_that_is_gone_is_told_with_its_time(offered: Cast) -> None:
    offer(offered, "rax-3.0", gone_at=LONG_AGO)
    assert why(offered, "rax-3.0") == "rax-3.0 is no longer offered since 2 March 2026, 12:30."


def test_a_model_of_another_key_is_told_with_that_key(offered: Cast) -> None:
    offer(offered, "rax-5", make_key(offered.team, offered.bob, "Second"))
    assert why(offered, "rax-5") == "Main key is not offered rax-5; Second is: choose that key."


def test_nobody_learns_of_keys_that_are_for_others(offered: Cast) -> None:
    offer(offered, "rax-5", make_key(offered.team, offered.alice, "Second", only_spenders=True))
    assert "Second" not in why(offered, "rax-5")


def test_a_key_that_was_not_asked_yet_has_the_models_of_its_address(cast: Cast) -> None:
    offer(cast, "rax-4.0")
    assert why(cast, "rax-4.0") == ""
    assert "Did you mean rax-4.0?" in why(cast, "rax-4.1")


def test_where_nobody_knows_any_model_all_are_taken(cast: Cast) -> None:
    assert why(cast, "whatever") == ""


def test_it_can_be_sent_all_the_same(offered: Cast) -> None:
    refused = form(offered, "rax-4.0:online")
    assert not refused.is_valid()
    assert refused.asks_about_model
    assert form(offered, "rax-4.0:online", unlisted="on").is_valid()


@pytest.mark.timeout(30)
def test_thousands_of_long_names_are_not_all_compared() -> None:
    """That took two minutes."""
    names = [f"{'a' * 100}{'b' * 60}{number:05}" for number in range(5_000)]
    assert advice("ab" * 99, [*names, "abab" * 48]) == f"Did you mean {'abab' * 48}?"
