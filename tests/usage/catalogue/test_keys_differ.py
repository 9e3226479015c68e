"""Keys of one address may be told different things of a model: a change is what one of them is told anew."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rax import Model
from tests.usage.conftest import make_key
from usage.catalogue.changes import take_models
from usage.catalogue.offers import take_offers
from usage.catalogue.steps import GONE_AFTER
from usage.models import CatalogueModel, ModelChange, ModelOffer

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SMALL, LARGE = Model("rax-4.0", context_window=8192), Model("rax-4.0", context_window=32_768)


@pytest.fixture
def other(team, key):
    return make_key(team, name="Other", base_url=key.base_url)


def take(key, models, at):
    """Take an answer as a poll does; return what changed."""
    changes = take_models(key.team, key.base_url, models, at, key)
    take_offers(key, models, at)
    return [(change.kind, change.field, change.before, change.after) for change in changes]


def test_two_keys_that_are_told_different_windows_change_nothing(key, other):
    take(key, [SMALL], NOON)
    for hour in range(1, 6):
        assert take(other, [LARGE], NOON + hour * HOUR) == []
        assert take(key, [SMALL], NOON + hour * HOUR) == []
    assert {offer.told["context_window"] for offer in ModelOffer.objects.all()} == {8192, 32_768}


def test_a_change_is_noted_once_whoever_hears_of_it_first(key, other):
    for asked in (key, other):
        take(asked, [SMALL], NOON)
    assert take(other, [LARGE], NOON + HOUR) == [("changed", "context_window", "8192", "32768")]
    assert take(key, [SMALL], NOON + HOUR) == []
    assert take(key, [LARGE], NOON + 2 * HOUR) == []
    assert take(other, [LARGE], NOON + 2 * HOUR) == []
    assert CatalogueModel.objects.get().context_window == 32_768


def test_a_key_that_falls_back_is_a_change_of_its_own(key, other):
    for asked in (key, other):
        take(asked, [LARGE], NOON)
    assert len(take(key, [SMALL], NOON + HOUR)) == 1
    assert take(key, [LARGE], NOON + 2 * HOUR) == [("changed", "context_window", "8192", "32768")]


def test_another_description_for_each_key_is_no_change(key, other):
    ours, theirs = Model("rax-4.0", description="Quick."), Model("rax-4.0", description="Schnell.")
    take(key, [ours], NOON)
    assert take(other, [theirs], NOON) == take(key, [ours], NOON + HOUR) == []
    (change,) = take(other, [Model("rax-4.0", description="Flink.")], NOON + HOUR)
    assert change[1:] == ("description", "Quick.", "Flink.")


def test_a_retirement_is_a_change_from_nothing_and_back(key):
    take(key, [SMALL], NOON)
    told = Model("rax-4.0", context_window=8192, retires_on=date(2026, 6, 1))
    assert take(key, [told], NOON + HOUR) == [("changed", "retires_on", "", "2026-06-01")]
    assert take(key, [told], NOON + 2 * HOUR) == []
    assert CatalogueModel.objects.get().retirement == date(2026, 6, 1)
    assert take(key, [SMALL], NOON + 3 * HOUR) == [("changed", "retires_on", "2026-06-01", "")]


def test_what_was_kept_before_figures_were_kept_by_key_is_compared(key):
    take(key, [SMALL], NOON)
    ModelOffer.objects.update(told=None)
    assert take(key, [LARGE], NOON + HOUR) == [("changed", "context_window", "8192", "32768")]


def test_a_model_that_comes_back_with_other_figures_says_so(key, other):
    take(key, [SMALL], NOON)
    take(key, [], NOON + GONE_AFTER)
    assert [kind for kind, *_ in take(key, [LARGE], NOON + 9 * HOUR)] == ["returned", "changed"]
    assert ModelChange.objects.filter(kind="disappeared").count() == 1


def test_an_answer_that_comes_late_does_not_make_a_model_look_older(team, key):
    take(key, [SMALL], NOON + HOUR)
    take(key, [SMALL], NOON)
    assert CatalogueModel.objects.get().last_seen_at == NOON + HOUR


def test_an_answer_of_before_it_was_gone_does_not_bring_it_back(key, other):
    take(key, [SMALL], NOON)
    take(key, [], NOON + GONE_AFTER)
    assert take(other, [SMALL], NOON + HOUR) == []
    assert CatalogueModel.objects.get().gone_at == NOON + GONE_AFTER


def test_the_same_answer_again_costs_few_queries(key, django_assert_max_num_queries):
    models = [Model(f"rax-{number}") for number in range(300)]
    take(key, models, NOON)
    with django_assert_max_num_queries(8):
        take(key, models, NOON + HOUR)
