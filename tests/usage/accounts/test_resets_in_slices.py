"""What is said of a counter is counted anew in slices, and goes where the answer goes that it is about."""

import pytest
from django.test import Client
from django.utils import timezone

from common.jobs import worker
from common.models import LEASE, Job
from teams.models import Key
from tests.cast import Cast, make_key
from tests.common.jobs import run_jobs
from tests.usage.accounts.counting import count_apart, count_once
from tests.usage.accounts.falls import AT, CORRECTED, fall, rows, say, told, used
from tests.usage.polled import make_meter
from tests.usage.stored import assert_stored_equals_fold
from tests.usage.twins import MINUTE, NOON
from usage.accounts import recount, resets, succession
from usage.books import draft, draft_slices
from usage.books.ingest import store
from usage.books.verify import meter_differences, team_differences
from usage.models import CounterReset, Meter, SharingSuggestion

pytestmark = pytest.mark.django_db

DAY_OF_POLLS = {**CORRECTED, **{minutes: 60 + minutes for minutes in range(50, 1_450, 15)}}
USED = 700 + 60 + 1_445


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of a few polls and rows: a small history takes many."""
    monkeypatch.setattr(draft, "POLLS", 20)
    monkeypatch.setattr(draft_slices, "ROWS", 100)
    monkeypatch.setattr(recount, "LAST_POLLS", 5)
    monkeypatch.setattr(recount, "MOVED_AT_ONCE", 20)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    return fall(cast, DAY_OF_POLLS)


def assert_proven(meter: Meter) -> None:
    meters = Meter.objects.for_team(meter.team)
    assert not any(meter_differences(meter) for meter in meters)
    assert team_differences(meter.team) == []
    assert not meters.filter(is_held=True).exists()


def test_a_worker_that_was_killed_changes_no_number(
    meter: Meter, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(alice, meter)
    clock, slices = [timezone.now()], 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock[-1])
    while Job.objects.active().exists():
        killed = worker.claim_next(clock[-1])
        assert killed
        clock.append(clock[-1] + LEASE)
        worker.work(seconds=0)
        worker.run_slice(killed)  # its worker was not dead, only slow: it writes nothing
        slices += 1
    assert slices > 5
    assert used(meter) == USED
    assert_stored_equals_fold(meter.team, meter)
    assert_proven(meter)


def test_it_is_no_longer_named_while_it_is_counted_anew(cast: Cast, meter: Meter) -> None:
    assert [fall.at for fall in resets.falls(cast.team)] == [AT]
    assert resets.say(meter, AT, cast.alice, NOON)
    assert resets.falls(cast.team) == []


def test_what_was_taken_back_is_gone_after_as_many_slices(cast: Cast, meter: Meter) -> None:
    before = rows(meter)
    assert resets.say(meter, AT, cast.alice, NOON)
    run_jobs()
    assert used(meter) == USED
    resets.take_back(CounterReset.objects.get(), cast.alice)
    run_jobs()
    assert rows(meter) == before
    assert_proven(meter)


@pytest.mark.parametrize("after", [1, 4, 9])
def test_an_answer_that_comes_late_meanwhile_is_counted_in_its_place(
    meter: Meter, alice: Client, after: int
) -> None:
    say(alice, meter)
    for _ in range(after):
        worker.work(seconds=0)
    store([told(meter, -5, 710), told(meter, 5, 42), told(meter, 1_450, 1_600)])
    run_jobs()
    assert_stored_equals_fold(meter.team, meter)
    assert_proven(meter)


def test_it_is_counted_with_the_account_and_goes_with_its_key(cast: Cast, meter: Meter) -> None:
    other = fall(cast, {-30: 500}, make_meter(make_key(cast.team, cast.alice, "Other"), NOON))
    assert resets.say(meter, AT, cast.alice, NOON)
    run_jobs()
    pair = {"team": cast.team, "first": meter, "second": other, "changes": 4, "noticed_at": NOON}
    root = count_once(SharingSuggestion.objects.create(**pair), cast.alice, NOON)
    assert root
    assert used(root) == USED
    assert_stored_equals_fold(cast.team, root)
    gone = Meter.objects.get(merged_into=root)
    assert count_apart(gone, cast.alice, NOON)
    assert used(meter) == USED + 500
    assert CounterReset.objects.get().meter == meter
    assert_proven(meter)


def test_it_is_said_of_an_account_of_several_keys(cast: Cast, meter: Meter) -> None:
    other = fall(cast, {-30: 500}, make_meter(make_key(cast.team, cast.alice, "Other"), NOON))
    pair = {"team": cast.team, "first": other, "second": meter, "changes": 4, "noticed_at": NOON}
    root = count_once(SharingSuggestion.objects.create(**pair), cast.alice, NOON)
    assert root
    assert [fall.at for fall in resets.falls(cast.team)] == [AT]
    assert resets.say(root, AT, cast.alice, NOON)
    run_jobs()
    assert (used(root), resets.falls(cast.team)) == (USED, [])
    assert CounterReset.objects.get().meter == meter
    assert_stored_equals_fold(cast.team, root)


def test_it_moves_with_the_answers_of_a_new_secret(cast: Cast, meter: Meter) -> None:
    assert resets.say(meter, AT, cast.alice, NOON)
    run_jobs()
    Key.objects.filter(pk=cast.key.pk).update(secret_set_at=NOON - 15 * MINUTE)
    cast.key.refresh_from_db()
    new = succession.split(cast.key)
    assert new
    run_jobs()
    assert CounterReset.objects.get().meter == new
    assert_stored_equals_fold_of_both(meter, new)


def assert_stored_equals_fold_of_both(*meters: Meter) -> None:
    for meter in meters:
        assert meter_differences(Meter.objects.get(pk=meter.pk)) == []
    assert used(meters[0]) == 600 + USED
