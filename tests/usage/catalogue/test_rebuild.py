"""The catalogue made again from the answers that were kept is the one that grew as they came."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from rax import Model
from teams.models import Key, Team
from tests.usage.conftest import make_key
from usage.books import retention
from usage.catalogue.answers import take_answer
from usage.catalogue.rebuild import NotKept, rebuild
from usage.models import CatalogueModel, ModelChange, ModelListing, ModelOffer, PollBody, catalogue

BEGIN = datetime(2026, 5, 9, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAMES = ("rax-3.5", "rax-4.0", "rax-4.5", "rax-5")
FIGURES = ("owned_by", "description", "context_window", "max_tokens", "retires_on")


def tell(dice: Random, keys: list[Key], count: int) -> datetime:
    """Answers to keys in turn: the same list as a rule, other ones, after gaps; when they ended."""
    lists: dict[object, list[Model]] = {key.pk: some_list(dice) for key in keys}
    at = BEGIN
    for _ in range(count):
        key = dice.choice(keys)
        if dice.random() < 0.3:
            lists[key.pk] = some_list(dice)
        take_answer(key.team, key, lists[key.pk], at)
        at += dice.choice((0, 1, 20, 20, 20, 60, 90, 200)) * MINUTE
    return at


def some_list(dice: Random) -> list[Model]:
    names = dice.sample(NAMES, dice.randint(0, len(NAMES)))
    return [
        Model(
            name,
            context_window=dice.choice((None, 8192, 16_384)),
            description=dice.choice(("Quick.", "Schnell.")),
            retires_on=dice.choice((None, None, date(2026, 12, 24))),
        )
        for name in names
    ]


def told(team: Team) -> list[object]:
    """All that is known of what a team is offered."""
    models = CatalogueModel.objects.filter(team=team).order_by("base_url", "name")
    changes = ModelChange.objects.filter(model__team=team)
    offers = ModelOffer.objects.filter(model__team=team)
    return [
        list(models.values_list("base_url", "name", *FIGURES, "first_seen_at", "last_seen_at", "gone_at")),
        sorted(
            changes.values_list("at", "model__base_url", "model__name", "kind", "field", "before", "after")
        ),
        sorted(
            (*row[:4], str(row[4]), row[5], str(row[6]))
            for row in offers.values_list(
                "key__name", "model__base_url", "model__name", "since", "until", "last_seen_at", "told"
            )
        ),
    ]


@pytest.fixture
def keys(team: Team, key: Key) -> list[Key]:
    """Three keys of one address, and one of another."""
    others = [make_key(team, name=name, base_url=key.base_url) for name in ("Second", "Third")]
    return [key, *others, make_key(team, name="Apart", base_url="https://other.example.com/v1")]


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_one_that_grew(team: Team, keys: list[Key], seed: int) -> None:
    tell(Random(seed), keys, 60)
    grown = told(team)
    rebuild(team)
    assert told(team) == grown
    # Whatever went wrong with it meanwhile.
    ModelChange.objects.all().delete()
    ModelOffer.objects.all().delete()
    CatalogueModel.objects.update(context_window=1, gone_at=BEGIN, last_seen_at=BEGIN)
    rebuild(team)
    assert told(team) == grown


def test_what_there_was_no_room_for_is_left_out_again(
    team: Team, keys: list[Key], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MOST_MODELS", 2)
    tell(Random(1), keys, 60)
    grown = told(team)
    assert len(CatalogueModel.objects.filter(team=team, base_url=keys[0].base_url)) == 2
    rebuild(team)
    assert told(team) == grown


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("is_whole", [True, False])
def test_what_was_past_the_bounds_of_changes_and_offers_is_left_out_again(
    team: Team, keys: list[Key], seed: int, is_whole: bool, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RAW_RETENTION_DAYS = 1
    monkeypatch.setattr(catalogue, "MOST_CHANGES", 12)
    monkeypatch.setattr(catalogue, "MOST_ENDED", 2)
    end = tell(Random(seed), keys, 90)
    if not is_whole:
        assert retention.prune_listings(end) > 0
    grown = told(team)
    told_at_first = ModelChange.objects.filter(model__base_url=keys[0].base_url).bounded()
    assert told_at_first.count() == 12
    assert ModelOffer.objects.filter(key=keys[0]).exclude(until=None).count() == 2
    rebuild(team)
    assert told(team) == grown


@pytest.mark.parametrize("seed", range(6))
def test_since_all_was_kept_it_is_made_again_and_before_it_stays(
    team: Team, keys: list[Key], seed: int, settings
) -> None:
    settings.RAW_RETENTION_DAYS = 1
    end = tell(Random(seed), keys, 90)
    grown, kept = told(team), ModelListing.objects.count()
    assert retention.prune_listings(end) > 0
    assert len(keys) <= ModelListing.objects.count() < kept
    rebuild(team)
    assert told(team) == grown


def test_what_was_typed_by_hand_stays(team: Team, keys: list[Key]) -> None:
    take_answer(team, keys[0], [Model("rax-4.0")], BEGIN)
    model = CatalogueModel.objects.get()
    CatalogueModel.objects.update(typed_retires_on=date(2026, 12, 1))
    typed = {"kind": ModelChange.Kind.CHANGED, "field": "typed_retires_on", "by": "Alice"}
    ModelChange.objects.create(model=model, at=BEGIN, after="2026-12-01", **typed)
    rebuild(team)
    assert CatalogueModel.objects.get().typed_retires_on == date(2026, 12, 1)
    assert ModelChange.objects.filter(by="Alice").count() == 1


def test_the_same_answer_is_kept_once(team: Team, keys: list[Key]) -> None:
    for key in keys[:3]:
        for minutes in range(0, 24 * 60, 60):
            take_answer(team, key, [Model("rax-4.0")], BEGIN + minutes * MINUTE)
    assert ModelListing.objects.count() == 3
    assert PollBody.objects.count() == 1


def test_a_list_for_which_there_is_no_room_is_kept_once_too(
    team: Team, keys: list[Key], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MOST_MODELS", 1)
    for hours in range(3):
        take_answer(team, keys[0], [Model("rax-4.0"), Model("rax-4.5")], BEGIN + 60 * hours * MINUTE)
    assert ModelListing.objects.count() == ModelOffer.objects.count() == 1


def test_of_an_answer_past_the_bound_nothing_is_made(team: Team, keys: list[Key]) -> None:
    take_answer(team, keys[0], [Model("rax-4.0")], BEGIN)
    ModelListing.objects.update(body=None)
    before = told(team)
    with pytest.raises(NotKept):
        rebuild(team)
    assert told(team) == before
