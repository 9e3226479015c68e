"""The one limiter of a key."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rax import Limits
from teams.keys.deeds import KeyDetails, save_key
from teams.models import Plan
from tests.usage.conftest import make_key
from usage.models import RateSample
from usage.quota import limiter

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def key(team):
    return make_key(team, plan=Plan.OWN, requests_per_minute=20, tokens_per_day=1_000)


def acquire(key, tokens=1, now=NOON):
    return limiter.acquire(key, uuid.uuid4(), tokens, now)


def test_runs_leave_five_requests_of_a_minute_to_the_polls(key):
    granted = [acquire(key) for _ in range(15)]
    assert granted == [None] * 15
    assert acquire(key).retry_after_seconds > 0
    assert limiter.acquire_for_polls({key.pk: 2}, NOON) == {}


def test_a_refusal_says_when_to_come_back(key):
    for _ in range(15):
        acquire(key)
    wait = acquire(key).retry_after_seconds
    assert acquire(key, now=NOON + (wait - 1) * SECOND) is not None
    assert acquire(key, now=NOON + wait * SECOND) is None


def test_the_minute_slides(key):
    for _ in range(15):
        acquire(key, now=NOON + 59 * SECOND)
    granted = [acquire(key, now=NOON + 61 * SECOND) is None for _ in range(5)]
    assert sum(granted) == 1


def test_the_same_run_takes_its_place_once(key):
    holder = uuid.uuid4()
    assert limiter.acquire(key, holder, 900, NOON) is None
    assert limiter.acquire(key, holder, 900, NOON) is None
    assert acquire(key, 100) is None


def test_tokens_of_live_runs_are_held_until_settled(key):
    holder = uuid.uuid4()
    limiter.acquire(key, holder, 900, NOON)
    assert "tokens" in acquire(key, 200).reason
    limiter.settle(key.pk, holder)
    assert acquire(key, 200) is None


def test_a_dead_run_gives_its_tokens_back(key):
    acquire(key, 900)
    over = key.timeouts().whole_seconds + limiter.SETTLING_SECONDS
    assert acquire(key, 900, NOON + (over - 1) * SECOND) is not None
    assert acquire(key, 900, NOON + (over + 1) * SECOND) is None


def test_a_run_that_may_last_longer_holds_its_tokens_longer(key):
    key.whole_seconds = 7_200
    acquire(key, 900)
    assert acquire(key, 900, NOON + 7_200 * SECOND) is not None


def test_a_key_that_was_told_to_wait_waits(key):
    told = Limits(received_at=NOON, retry_after_seconds=30)
    limiter.observe(key.pk, told, "chat", is_refusal=True)
    assert acquire(key).retry_after_seconds == 31
    assert limiter.acquire_for_polls({key.pk: 1}, NOON) == {key.pk: NOON + 30 * SECOND}
    assert acquire(key, now=NOON + 30 * SECOND) is None


def test_a_later_answer_makes_the_wait_longer_and_never_shorter(key):
    for wait in (30, 5, 60, 10):
        told = Limits(received_at=NOON, retry_after_seconds=wait)
        limiter.observe(key.pk, told, "chat", is_refusal=True)
    assert acquire(key, now=NOON + 59 * SECOND).retry_after_seconds == 2
    assert acquire(key, now=NOON + 60 * SECOND) is None


def test_headers_are_kept_and_silence_does_not_erase_them(key):
    limiter.observe(key.pk, Limits(received_at=NOON, requests_remaining=7), "chat")
    limiter.observe(key.pk, Limits(received_at=NOON + MINUTE), "chat")
    sample = RateSample.objects.get(key=key)
    assert (sample.requests_remaining, sample.received_at, sample.source) == (7, NOON, "chat")


class TestClockSetBack:
    """The clock was an hour ahead, and is set right at noon."""

    AHEAD = NOON + 60 * MINUTE

    def test_nobody_waits_for_an_hour(self, key):
        acquire(key, now=self.AHEAD)
        limiter.block({key.pk: self.AHEAD + 30 * SECOND})
        assert acquire(key) is None

    def test_polls_do_not_either(self, key):
        limiter.acquire_for_polls({key.pk: 1}, self.AHEAD)
        limiter.block({key.pk: self.AHEAD + 30 * SECOND})
        assert limiter.acquire_for_polls({key.pk: 1}, NOON) == {}
        assert acquire(key) is None

    def test_a_wait_of_this_hour_is_kept(self, key):
        acquire(key)
        limiter.block({key.pk: self.AHEAD})
        assert acquire(key).retry_after_seconds == 3_601

    def test_requests_of_a_moment_ago_count_still(self, key):
        for _ in range(15):
            acquire(key, now=self.AHEAD)
        assert acquire(key) is not None

    def test_a_run_holds_its_tokens_no_longer_than_ever(self, key):
        acquire(key, 900, self.AHEAD)
        assert "tokens" in acquire(key, 200).reason
        over = key.timeouts().whole_seconds + limiter.SETTLING_SECONDS
        assert acquire(key, 200, NOON + (over + 1) * SECOND) is None


def test_another_secret_ends_the_pause_that_the_one_before_was_asked_for(key):
    limiter.block({key.pk: NOON + timedelta(days=3)})
    details = KeyDetails(key.name, key.reveal_secret(), key.base_url, key.plan, key.limits())
    save_key(key.team, key.owner, details)
    assert acquire(key).reason == "The provider asked us to wait."
    save_key(key.team, key.owner, replace(details, secret="another secret"))
    assert acquire(key) is None
