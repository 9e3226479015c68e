"""A meter counts one account: keys that come to mean another one get another meter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rax.simulator import Simulator, running_simulator
from rax.simulator.keys import PRO, Key
from tests.usage.accounts.counting import count_once, split
from tests.usage.conftest import make_key
from tests.usage.may import MINUTE, NEW, NOON, RAX, poll
from tests.usage.stored import assert_stored_equals_fold, make_meter
from tests.usage.totals import totals
from usage.accounts import succession
from usage.books.verify import meter_differences, team_differences
from usage.ledger import fold
from usage.models import Meter, RawPoll, SharingSuggestion
from usage.polls import polling

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_simulator(Simulator()) as server:
        yield server


def spend(provider, secret, tokens):
    provider.simulator.record(provider.simulator.keys[secret], "rax-4.0", tokens)


def used(meter):
    state = Meter.objects.get(pk=meter.pk).ledger_state
    return sum(value for series, value in state.values().items() if series.metric == "tokens")


def give(key, secret):
    """Replace the secret as the key's page does."""
    key.set_secret(secret)
    key.save()


def month(team):
    now = timezone.now()
    return totals(team, now - timedelta(days=62), now + timedelta(days=1))["tokens"]


def test_another_address_is_another_account(team, provider):
    key = make_key(team, base_url=provider.base_url)
    spend(provider, "rax_demo_pro", 900)
    polling.poll_now()
    with running_simulator(Simulator()) as other:
        other.simulator.record(other.simulator.keys["rax_demo_free"], "rax-4.0", 5_000)
        key.move_to(other.base_url)
        give(key, "rax_demo_free")
        polling.poll_now()
    old, new = Meter.objects.order_by("pk")
    assert (old.key, new.key) == (None, key)
    assert old.name.startswith("Main (until ")
    assert month(team) == used(old) + used(new)
    assert used(new) >= 5_000
    assert used(old) < 5_000


def test_a_rotated_secret_goes_on_with_its_meter(team, provider):
    simulated = provider.simulator.keys["rax_demo_pro"]
    provider.simulator.keys["rax_rotated"] = type(simulated)(
        "rax_rotated", simulated.plan, simulated.meter, simulated.load
    )
    key = make_key(team, base_url=provider.base_url)
    spend(provider, "rax_demo_pro", 900)
    polling.poll_now()
    give(key, "rax_rotated")
    spend(provider, "rax_demo_pro", 100)
    (outcome,) = polling.poll_now(timezone.now() + timedelta(minutes=5))
    assert Meter.objects.count() == 1
    assert month(team) == outcome.answer.total_tokens


def test_a_secret_whose_counters_are_lower_is_of_another_account(team, provider):
    key = make_key(team, base_url=provider.base_url)
    spend(provider, "rax_demo_pro", 10**9)
    polling.poll_now()
    give(key, "rax_demo_free")
    (outcome,) = polling.poll_now(timezone.now() + timedelta(minutes=5))
    old, new = Meter.objects.order_by("pk")
    assert (old.key, new.key, outcome.error) == (None, key, "")
    assert RawPoll.objects.filter(meter=new).count() == 1
    assert month(team) == used(old) + used(new)
    assert [meter_differences(meter) for meter in (old, new)] == [[], []]


def test_somebody_says_that_the_new_secret_is_of_another_account(team, provider):
    key = make_key(team, base_url=provider.base_url)
    spend(provider, "rax_demo_pro", 900)
    polling.poll_now()
    before = month(team)
    give(key, "rax_demo_free")
    spend(provider, "rax_demo_free", 10**9)
    (outcome,) = polling.poll_now(timezone.now() + timedelta(minutes=5))
    new = split(key)
    old = Meter.objects.get(key=None)
    assert (old.polls.count(), new.polls.count()) == (1, 1)
    assert used(old) == before
    assert used(new) == outcome.answer.total_tokens
    assert month(team) == before + outcome.answer.total_tokens
    assert [meter_differences(meter) for meter in (old, new)] == [[], []]
    assert team_differences(team) == []


def test_saying_so_twice_parts_once(team, provider):
    key = replaced(team, provider)
    assert split(key)
    assert split(key) is None
    assert Meter.objects.count() == 2


def test_a_merged_key_is_parted_from_its_account(team, provider):
    provider.simulator.keys["rax_twin"] = Key("rax_twin", PRO, provider.simulator.keys["rax_demo_pro"].meter)
    twin = make_key(team, "Twin", provider.base_url, "rax_twin")
    make_key(team, base_url=provider.base_url)
    spend(provider, "rax_demo_pro", 900)
    polling.poll_now()
    first, second = Meter.objects.order_by("pk")
    suggestion = SharingSuggestion.objects.create(
        team=team, first=first, second=second, changes=4, noticed_at=timezone.now()
    )
    count_once(suggestion, None, timezone.now())
    before = month(team)
    give(twin, "rax_demo_free")
    new = split(twin)
    polling.poll_now(timezone.now() + timedelta(minutes=5))
    assert month(team) == before + used(new)
    assert not any(meter_differences(meter) for meter in Meter.objects.for_team(team))
    assert team_differences(team) == []


def test_suggestions_about_what_was_parted_are_looked_for_again(team, provider):
    key = replaced(team, provider)
    meter, other = Meter.objects.get(), make_meter(team)
    SharingSuggestion.objects.create(
        team=team, first=meter, second=other, changes=4, noticed_at=timezone.now()
    )
    split(key)
    assert not SharingSuggestion.objects.exists()


def replaced(team, provider):
    """A key that was polled with its old and its new secret."""
    key = make_key(team, base_url=provider.base_url)
    spend(provider, "rax_demo_pro", 900)
    polling.poll_now()
    give(key, "rax_demo_free")
    spend(provider, "rax_demo_free", 10**9)
    polling.poll_now(timezone.now() + timedelta(minutes=5))
    return key


def test_a_key_without_polls_has_nothing_to_split(team):
    assert split(make_key(team)) is None


def test_a_parted_meter_keeps_its_ledger(team, provider):
    make_key(team, base_url=provider.base_url)
    spend(provider, "rax_demo_pro", 900)
    polling.poll_now()
    meter = Meter.objects.get()
    assert succession.detach(meter, timezone.now())
    assert not succession.detach(Meter.objects.get(), timezone.now())
    assert_stored_equals_fold(team, meter)


def test_a_model_that_fell_is_of_another_account_though_the_total_grew():
    state = fold([poll(NOON, 100, {RAX: 90, NEW: 10})]).state
    assert succession.continues(state, poll(NOON + MINUTE, 120, {RAX: 95, NEW: 25}))
    assert not succession.continues(state, poll(NOON + MINUTE, 120, {RAX: 20, NEW: 100}))
