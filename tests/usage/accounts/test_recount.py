"""Accounts are counted anew slice by slice: whoever dies, polls or looks meanwhile, no number is wrong."""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from common.jobs import worker
from common.models import LEASE, Job
from teams.changes import Refused
from teams.models import Key, Team
from tests.cast import Cast, make_key
from tests.common.jobs import run_jobs
from tests.usage.polled import answer, make_meter
from tests.usage.stored import assert_stored_equals_fold
from tests.usage.twins import MINUTE, NOON, PERIOD, act, make_twins, page
from usage.accounts import recount, sharing, succession
from usage.books import draft, draft_slices, retention
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.verify import meter_differences, team_differences
from usage.models import Meter, RawPoll, SharingSuggestion, TeamQuarter

pytestmark = pytest.mark.django_db

POLLS = 100
START = NOON - timedelta(hours=26)


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of a few polls and rows: a small history takes many."""
    monkeypatch.setattr(draft, "POLLS", 40)
    monkeypatch.setattr(draft_slices, "ROWS", 300)
    monkeypatch.setattr(recount, "LAST_POLLS", 5)
    monkeypatch.setattr(recount, "MOVED_AT_ONCE", 20)


def told(meter: Meter, number: int, seconds: int = 0) -> Answer:
    """One of the answers of an account, every quarter of an hour."""
    counters = {"rax-4.0": (500 + 100 * number, 10 + number), "rax-4.5": (7 * number, number)}
    return answer(meter, START + number * 15 * MINUTE + timedelta(seconds=seconds), counters, *PERIOD)


@pytest.fixture
def twins(cast: Cast) -> SharingSuggestion:
    """Two keys of one account, polled for a day and a half."""
    meters = [make_meter(make_key(cast.team, cast.alice, name), NOON) for name in ("One", "Two")]
    for place, meter in enumerate(meters):
        store(told(meter, number, place) for number in range(POLLS))
    first, second = meters
    return SharingSuggestion.objects.create(
        team=cast.team, first=first, second=second, changes=4, noticed_at=NOON
    )


def slices() -> int:
    """Do all slices of what is due; return how many there were."""
    count = 1
    while worker.work(seconds=0):
        count += 1
    run_jobs()
    return count


def used(team: Team) -> dict[int, int]:
    """{quarter: tokens of the whole team}."""
    rows = TeamQuarter.objects.filter(team=team, metric="tokens")
    found: Counter[int] = Counter()
    for number, amount in rows.values_list("number", "amount"):
        found[number] += amount
    return +found


def merged(suggestion: SharingSuggestion) -> Meter:
    """Begin to count the pair once; return the meter that will count it."""
    meter = sharing.count_once(suggestion, None, NOON)
    assert meter
    return meter


def assert_proven(team: Team) -> None:
    assert not any(meter_differences(meter) for meter in Meter.objects.for_team(team))
    assert team_differences(team) == []
    assert not Meter.objects.filter(status=Meter.Status.DRAFT).exists()
    assert not Meter.objects.filter(is_held=True).exists()


class TestSlices:
    def test_a_merged_account_is_as_the_fold_of_both_keys_polls(self, twins: SharingSuggestion) -> None:
        meter = merged(twins)
        assert slices() > 10
        assert_stored_equals_fold(twins.team, meter)
        assert_proven(twins.team)

    def test_whoever_looks_meanwhile_sees_the_old_or_the_new_number_of_each_quarter(
        self, twins: SharingSuggestion
    ) -> None:
        before, seen = used(twins.team), []
        merged(twins)
        while worker.work(seconds=0):
            seen.append(used(twins.team))
            assert team_differences(twins.team) == []
        run_jobs()
        after = used(twins.team)
        assert 2 * sum(after.values()) == sum(before.values())
        for numbers in seen:
            assert all(numbers.get(at, 0) in {before[at], after.get(at, 0)} for at in before)
        mixed = [numbers for numbers in seen if numbers not in (before, after)]
        assert len(mixed) > 5

    def test_it_changes_over_from_the_oldest_quarter_on(self, twins: SharingSuggestion) -> None:
        before = used(twins.team)
        merged(twins)
        while worker.work(seconds=0):
            changed = [at for at, amount in used(twins.team).items() if amount != before[at]]
            assert changed == sorted(before)[: len(changed)]

    def test_a_slice_writes_no_more_rows_than_it_may(self, twins: SharingSuggestion) -> None:
        merged(twins)
        most, changed = draft_slices.ROWS, used(twins.team)
        lines = 8  # two models, their two metrics and the time watched, of two meters
        while worker.work(seconds=0):
            now = used(twins.team)
            assert sum(now.get(at, 0) != amount for at, amount in changed.items()) <= most // lines
            changed = now

    def test_a_slice_that_died_is_done_again(
        self, twins: SharingSuggestion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meter, clock = merged(twins), [timezone.now()]
        monkeypatch.setattr("django.utils.timezone.now", lambda: clock[-1])
        while Job.objects.active().exists():
            killed = worker.claim_next(clock[-1])
            assert killed
            clock.append(clock[-1] + LEASE)
            worker.work(seconds=0)
            worker.run_slice(killed)  # its worker was not dead, only slow: it writes nothing
        assert_stored_equals_fold(twins.team, meter)

    def test_what_was_counted_once_is_counted_apart_to_the_token(self, twins: SharingSuggestion) -> None:
        before = used(twins.team)
        merged(twins)
        run_jobs()
        gone = Meter.objects.get(merged_into=twins.first)
        assert sharing.count_apart(gone, None, NOON)
        assert slices() > 10
        assert used(twins.team) == before
        assert_proven(twins.team)

    def test_a_new_secret_s_polls_move_to_a_meter_of_their_own(self, cast: Cast) -> None:
        meter = make_meter(cast.key, NOON)
        store(told(meter, number) for number in range(POLLS))
        Key.objects.filter(pk=cast.key.pk).update(secret_set_at=START + 50 * 15 * MINUTE)
        cast.key.refresh_from_db()
        new = succession.split(cast.key)
        assert new
        assert slices() > 10
        assert (meter.polls.count(), new.polls.count()) == (50, POLLS - 50)
        assert_proven(cast.team)


class TestPollsMeanwhile:
    def test_they_are_stored_and_counted_at_the_end(self, twins: SharingSuggestion) -> None:
        meter, number = merged(twins), POLLS
        for number in range(POLLS, POLLS + 10):
            assert worker.work(seconds=0)
            store([told(twins.first, number), told(twins.second, number, 1)])
        assert RawPoll.objects.count() == 2 * (number + 1)
        run_jobs()
        assert_stored_equals_fold(twins.team, meter)
        assert_proven(twins.team)

    @pytest.mark.parametrize("after", [2, 6, 12])
    def test_one_that_comes_late_is_counted_in_its_place(self, twins: SharingSuggestion, after: int) -> None:
        meter = merged(twins)
        for _ in range(after):
            worker.work(seconds=0)
        store([told(twins.first, 77, 300)])
        run_jobs()
        assert_stored_equals_fold(twins.team, meter)

    def test_one_for_the_old_secret_s_meter_moves_with_the_others(self, cast: Cast) -> None:
        meter = make_meter(cast.key, NOON)
        store(told(meter, number) for number in range(POLLS))
        Key.objects.filter(pk=cast.key.pk).update(secret_set_at=START + 50 * 15 * MINUTE)
        cast.key.refresh_from_db()
        new = succession.split(cast.key)
        assert new
        for _ in range(8):
            assert worker.work(seconds=0)
        store([told(meter, POLLS)])
        run_jobs()
        assert new.polls.count() == POLLS - 49
        assert_proven(cast.team)

    def test_other_keys_are_counted_as_ever(self, cast: Cast, twins: SharingSuggestion) -> None:
        other = make_meter(cast.key, NOON)
        merged(twins)
        for number in range(8):
            assert worker.work(seconds=0)
            store([told(other, number)])
            other.refresh_from_db()
            assert other.period_tokens == 500 + 107 * number
        run_jobs()
        assert_proven(twins.team)

    def test_nothing_of_a_held_meter_is_thrown_away(self, twins: SharingSuggestion, settings: object) -> None:
        merged(twins)
        retention.run(NOON + timedelta(days=400))
        assert RawPoll.objects.count() == 2 * POLLS


class TestOneAtATime:
    def test_another_account_waits_its_turn(self, cast: Cast, twins: SharingSuggestion) -> None:
        third = make_meter(cast.key, NOON)
        other = SharingSuggestion.objects.create(
            team=cast.team, first=twins.first, second=third, changes=4, noticed_at=NOON
        )
        merged(twins)
        alice: Client = cast.client("alice")
        html = alice.post(act("count_once", other), follow=True).content.decode()
        assert recount.WAIT in html
        other.refresh_from_db()
        assert other.state == SharingSuggestion.Decision.OPEN
        run_jobs()
        assert (
            "are counted as one account now"
            in alice.post(act("count_once", other), follow=True).content.decode()
        )

    def test_a_job_that_failed_keeps_its_turn_until_somebody_lets_it_go_on(
        self, twins: SharingSuggestion
    ) -> None:
        merged(twins)
        Job.objects.get().end(Job.Status.FAILED, NOON)
        gone = Meter.objects.get(pk=twins.second_id)
        with pytest.raises(Refused):
            recount.start(twins.team, [], [gone.pk], deed={})

    def test_a_double_click_begins_one(self, cast: Cast) -> None:
        suggestion = make_twins(cast)
        alice: Client = cast.client("alice")
        for _ in range(2):
            alice.post(act("count_once", suggestion))
        assert Job.objects.filter(kind=recount.KIND).count() == 1

    def test_pages_say_that_accounts_are_being_counted(self, cast: Cast) -> None:
        suggestion = make_twins(cast)
        alice: Client = cast.client("alice")
        alice.post(act("count_once", suggestion))
        assert recount.WORDS in page(alice)
        assert "An account is being counted anew" in page(alice, "/t/acme/usage/")
        run_jobs()
        assert recount.WORDS not in page(alice)
        assert "An account is being counted anew" not in page(alice, "/t/acme/usage/")
