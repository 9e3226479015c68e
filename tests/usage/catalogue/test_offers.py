"""Which key sees which model, since when and until when."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from rax import Model
from teams.models import Key
from tests.usage.conftest import make_key
from usage.catalogue.changes import take_models
from usage.catalogue.offers import take_offers
from usage.catalogue.steps import GONE_AFTER
from usage.ledger import TOKENS
from usage.models import Meter, ModelOffer, Series

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OLD, NEW = Model(id="rax-4.0"), Model(id="rax-4.5")


def take(key, models, at):
    """Take an answer as a poll does."""
    take_models(key.team, key.base_url, models, at)
    take_offers(key, models, at)


def rows(**which):
    found = ModelOffer.objects.filter(**which).order_by("since", "model__name")
    return [(offer.model.name, offer.since, offer.until) for offer in found]


@pytest.fixture
def other(team, key):
    return make_key(team, name="Other", base_url=key.base_url)


def test_keys_of_one_address_may_see_different_models(key, other):
    take(key, [OLD, NEW], NOON)
    take(other, [NEW], NOON + HOUR)
    assert rows(key=key) == [("rax-4.0", NOON, None), ("rax-4.5", NOON, None)]
    assert rows(key=other) == [("rax-4.5", NOON + HOUR, None)]


def test_a_model_ends_for_a_key_when_it_was_last_offered(key):
    take(key, [OLD, NEW], NOON)
    take(key, [OLD, NEW], NOON + HOUR)
    take(key, [NEW], NOON + 2 * HOUR)
    assert rows(model__name=OLD.id) == [("rax-4.0", NOON, None)]
    take(key, [NEW], NOON + HOUR + GONE_AFTER)
    assert rows(model__name=OLD.id) == [("rax-4.0", NOON, NOON + HOUR)]


def test_a_model_that_other_keys_still_see_ends_for_this_one(key, other):
    take(key, [OLD], NOON)
    take(other, [OLD], NOON)
    take(other, [OLD], NOON + GONE_AFTER)
    take(key, [], NOON + GONE_AFTER)
    assert rows(key=key) == [("rax-4.0", NOON, NOON)]
    assert rows(key=other) == [("rax-4.0", NOON, None)]


def test_a_model_that_comes_back_has_a_row_of_its_own(key):
    take(key, [OLD], NOON)
    take(key, [], NOON + GONE_AFTER)
    take(key, [OLD], NOON + 9 * HOUR)
    assert rows() == [("rax-4.0", NOON, NOON), ("rax-4.0", NOON + 9 * HOUR, None)]


def test_what_a_key_saw_at_another_address_ends(key):
    take(key, [OLD], NOON)
    key.move_to("https://other.example.com/v1")
    take(key, [OLD], NOON + 9 * HOUR)
    assert rows() == [("rax-4.0", NOON, NOON), ("rax-4.0", NOON + 9 * HOUR, None)]


def test_the_same_answer_costs_two_queries(key, django_assert_num_queries):
    take(key, [OLD, NEW], NOON)
    with django_assert_num_queries(2):
        take_offers(key, [OLD, NEW], NOON + HOUR)


def test_the_past_can_be_asked(key):
    take(key, [OLD], NOON)
    take(key, [], NOON + GONE_AFTER)
    assert ModelOffer.objects.at(NOON).count() == 1
    assert not ModelOffer.objects.at(NOON + HOUR).exists()
    assert not ModelOffer.objects.at(NOON - HOUR).exists()


def test_only_keys_that_can_be_used_see_anything_now(team, key):
    take(key, [OLD], NOON)
    assert ModelOffer.objects.for_team(team).current().count() == 1
    Key.objects.update(status=Key.Status.RETIRED)
    assert not ModelOffer.objects.for_team(team).current().exists()


def test_who_used_what_is_gone_is_named(team, key, other):
    meter = Meter.objects.create(team=team, key=key, name="Main", next_poll_at=NOON)
    Series.objects.create(meter=meter, model=OLD.id, metric=TOKENS)
    for asked in (key, other):
        take(asked, [OLD, NEW], NOON)
        take(asked, [], NOON + GONE_AFTER)
    (missed,) = ModelOffer.objects.for_team(team).missed()
    assert (missed.key, missed.model.name) == (key, "rax-4.0")
    take(key, [OLD], NOON + 9 * HOUR)
    assert not ModelOffer.objects.missed().exists()


def test_a_key_counted_with_another_used_what_their_account_used(team, key, other):
    root = Meter.objects.create(team=team, key=other, name="Root", next_poll_at=NOON)
    Meter.objects.create(team=team, key=key, name="Main", next_poll_at=NOON, merged_into=root)
    Series.objects.create(meter=root, model=OLD.id, metric=TOKENS)
    take(key, [OLD, NEW], NOON)
    assert [offer.model.name for offer in ModelOffer.objects.used()] == ["rax-4.0"]


def fill():
    """What the migration does for an installation that is there."""
    import_module("usage.migrations.0018_fill_model_offers").fill(apps, None)


def polled(key):
    return Meter.objects.create(
        team=key.team, key=key, name=key.name, next_poll_at=NOON, models_asked_at=NOON
    )


def test_what_is_known_of_before_is_filled(team, key):
    polled(key)
    take_models(team, key.base_url, [OLD, NEW], NOON)
    take_models(team, key.base_url, [NEW], NOON + GONE_AFTER)
    take_models(team, key.base_url, [OLD, NEW], NOON + 9 * HOUR)
    take_models(team, key.base_url, [NEW], NOON + 10 * HOUR)
    fill()
    assert rows() == [("rax-4.5", NOON, None), ("rax-4.0", NOON + 9 * HOUR, None)]
    for offer in ModelOffer.objects.select_related("model"):
        assert offer.last_seen_at == offer.model.last_seen_at


def test_where_two_keys_were_asked_nothing_is_certain(team, key, other):
    for asked in (key, other):
        polled(asked)
    take_models(team, key.base_url, [OLD], NOON)
    fill()
    assert rows() == []


def test_a_key_that_moved_tells_nothing_of_its_address_of_before(team, key):
    polled(key)
    take_models(team, key.base_url, [OLD], NOON)
    Key.objects.update(base_url="https://other.example.com/v1")
    fill()
    assert rows() == []
