"""The clock was an hour ahead and is set right: nothing waits for an hour."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.usage.conftest import make_key
from usage.explore.status import status_of
from usage.models import CatalogueModel, LimiterWindow, Meter, RawPoll
from usage.polls import polling
from usage.polls.claims import adoption, due

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
right_now = timezone.now


class Clock:
    """What Django takes for the time: the machine's, and so much more."""

    def __init__(self):
        self.ahead = HOUR

    def now(self):
        return right_now() + self.ahead

    def set_right(self):
        self.ahead = timedelta(0)

    def wait_until(self, moment):
        self.ahead = moment - right_now()


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    monkeypatch.setattr("rax._wire.datetime", DatetimeOf(clock))
    return clock


class DatetimeOf:
    def __init__(self, clock):
        self.clock = clock

    def now(self, zone):
        return self.clock.now()


@pytest.fixture
def key(team, clock, provider):
    """A key that was adopted by the clock that is ahead."""
    key = make_key(team, base_url=provider.base_url)
    adoption.adopt_all(clock.now())
    return key


def poll_what_is_due(clock):
    """One tick, and what the worker makes of it."""
    return [outcome for claim in due.claim_due(clock.now()) for outcome in polling.poll_claimed(claim)]


def test_a_key_that_was_polled_is_polled_again_at_once(key, clock):
    poll_what_is_due(clock)
    assert poll_what_is_due(clock) == []
    clock.set_right()
    assert len(poll_what_is_due(clock)) == 1
    assert poll_what_is_due(clock) == []
    meter = Meter.objects.get()
    assert clock.now() < meter.next_poll_at <= clock.now() + 5 * MINUTE


def test_a_key_that_was_never_polled_is_polled_at_once(key, clock):
    clock.set_right()
    assert len(poll_what_is_due(clock)) == 1


def test_a_lease_of_a_worker_that_died_holds_nobody_up(key, clock):
    due.claim_due(clock.now())
    clock.set_right()
    assert len(poll_what_is_due(clock)) == 1


def test_a_lease_of_the_same_time_still_keeps_others_away(key, clock):
    clock.set_right()
    due.claim_due(clock.now())
    assert due.claim_due(clock.now()) == []


def test_a_key_whose_server_has_no_usage_is_asked_again(key, clock, provider):
    provider.simulator.settings.faults = "no-usage"
    poll_what_is_due(clock)
    clock.set_right()
    provider.simulator.settings.faults = ""
    poll_what_is_due(clock)
    assert Meter.objects.get().status == Meter.Status.ACTIVE


def test_a_wait_that_the_provider_asked_for_is_over(key, clock, provider):
    provider.simulator.settings.faults = "429:30"
    poll_what_is_due(clock)
    assert LimiterWindow.objects.get().blocked_until > clock.now()
    clock.set_right()
    provider.simulator.settings.faults = ""
    (outcome,) = poll_what_is_due(clock)
    assert outcome.error == ""


def test_slots_of_the_hour_that_comes_again_are_polled_again(key, clock):
    start = clock.now()
    for _ in range(2):
        clock.wait_until(start)
        for _ in range(3):
            poll_what_is_due(clock)
            clock.wait_until(Meter.objects.get().next_poll_at)
    assert RawPoll.objects.count() == 6


def test_the_catalogue_is_read_again(key, clock):
    poll_what_is_due(clock)
    CatalogueModel.objects.all().delete()
    clock.set_right()
    poll_what_is_due(clock)
    assert CatalogueModel.objects.exists()


def test_a_provider_that_is_away_is_missed(key, clock, provider):
    poll_what_is_due(clock)
    clock.set_right()
    provider.simulator.settings.faults = "500"
    for _ in range(3):
        polling.poll_now(clock.now())
    assert Meter.objects.get().is_blind()


def is_asking(team, now, pressed):
    facts = Meter.objects.for_team(team).facts(now, pressed)
    return status_of(team, facts, now, pressed).is_asking


def test_poll_now_waits_for_the_answer_and_no_longer(team, key, clock):
    poll_what_is_due(clock)
    clock.set_right()
    pressed = clock.now()
    assert due.request_poll(team, pressed) == 1
    assert is_asking(team, pressed, pressed)
    poll_what_is_due(clock)
    assert not is_asking(team, clock.now(), pressed)


def test_a_clock_that_jumps_ahead_and_back_again_stops_nothing(key, clock):
    polled = 0
    for ahead in (0, 1, 0, 2, -1):
        clock.ahead = ahead * HOUR
        polled += len(poll_what_is_due(clock))
    assert polled == RawPoll.objects.count() == 5
