"""Usage and quota agree on which polls were missed, and on which periods are over."""

from datetime import UTC, datetime, timedelta

import pytest

from teams.models import Key, Team
from tests.usage.conftest import make_key
from tests.usage.polled import plan_next, poll, poll_regularly
from usage.models import Meter
from usage.models.meters import lateness
from usage.quota.key_quota import KeyQuota, key_quotas

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
NOVEMBER = OCTOBER[1], datetime(2026, 12, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
COUNTERS = {"rax": (1_500, 15)}


@pytest.fixture
def meter(team: Team) -> Meter:
    return Meter.objects.create(team=team, key=make_key(team), name="Main", next_poll_at=NOON)


def quota(meter: Meter, now: datetime = NOON) -> KeyQuota:
    (found,) = key_quotas(meter.team, [meter.key], now)
    return found


@pytest.mark.parametrize("missed", [0, 1])
@pytest.mark.parametrize("answer_error", ["", "It is empty."])
@pytest.mark.parametrize("status", [Meter.Status.ACTIVE, Meter.Status.REFUSED])
@pytest.mark.parametrize("minutes", [-121, -119, 5 * 60])
def test_one_rule_says_that_a_poll_was_missed(
    meter: Meter, missed: int, answer_error: str, status: str, minutes: int
) -> None:
    poll_regularly(meter, NOON - 2 * MINUTE, COUNTERS, *NOVEMBER)
    fields = {"missed_polls": missed, "answer_error": answer_error, "status": status}
    Meter.objects.update(next_poll_at=NOON + minutes * SECOND, **fields)
    facts = Meter.objects.for_team(meter.team).facts(NOON)
    expected = bool(missed or answer_error or status == Meter.Status.REFUSED or minutes == -121)
    assert (facts.late > 0, quota(meter).is_late) == (expected, expected)


@pytest.mark.parametrize("minutes", [1, 3])
def test_one_rule_says_that_a_period_is_over(meter: Meter, minutes: int) -> None:
    asked = OCTOBER[1] + minutes * MINUTE
    poll_regularly(meter, asked, COUNTERS, *OCTOBER)
    ended = Meter.objects.for_team(meter.team).facts(asked).ended
    assert (ended > 0, quota(meter, asked + SECOND).has_ended) == (minutes > 2, minutes > 2)


def test_a_window_that_rolls_is_never_over(meter: Meter) -> None:
    for minutes in range(15, -1, -5):
        at = NOON - minutes * MINUTE
        poll(meter, at, {"rax": (90_000 - minutes, 900)}, at - DAY, at)
        plan_next(meter, at)
    found = quota(meter, NOON + 4 * MINUTE)
    assert not found.has_ended
    assert found.period
    assert str(found.period.used) == "90,000"


def test_a_period_whose_boundary_moved_is_a_lower_bound(meter: Meter) -> None:
    poll_regularly(meter, NOON - 10 * MINUTE, COUNTERS, *NOVEMBER)
    poll_regularly(meter, NOON - 5 * MINUTE, COUNTERS, NOVEMBER[0], NOVEMBER[1] - DAY)
    found = quota(meter)
    assert found.period
    assert str(found.period.used) == "at least 1,500"


def test_a_period_that_nobody_asked_about_since_is_over(meter: Meter) -> None:
    poll_regularly(meter, OCTOBER[1] - MINUTE, COUNTERS, *OCTOBER)
    assert quota(meter, NOON).has_ended
    assert lateness.meter_is_late(Meter.objects.get(), NOON)


@pytest.mark.parametrize("status", Key.Status.values)
@pytest.mark.parametrize("has_secret", [True, False])
def test_the_keys_that_are_polled_are_the_usable_ones(meter: Meter, status: str, has_secret: bool) -> None:
    Key.objects.update(status=status)
    if not has_secret:
        Key.objects.update(ciphertext=b"")
    polled = Meter.objects.for_team(meter.team).facts(NOON).polled
    assert polled == Key.objects.usable().count() == (has_secret and status == Key.Status.ACTIVE)


def test_a_meter_whose_key_is_gone_is_not_polled(meter: Meter) -> None:
    Meter.objects.update(key=None)
    assert Meter.objects.for_team(meter.team).facts(NOON).polled == 0
