"""When a meter is asked next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from usage.polls.schedule import (
    CLOSING_AFTER,
    CLOSING_BEFORE,
    backoff,
    next_poll,
    next_regular,
    offset_of,
)
from usage.quota.day import quota_day

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
FIVE = timedelta(minutes=5)
UTC_ZONE = ZoneInfo("UTC")
ZERO = timedelta()


def test_regular_polls_keep_their_own_place_in_the_interval():
    offset = timedelta(seconds=70)
    assert next_regular(NOON, FIVE, offset) == NOON + offset
    assert next_regular(NOON + offset, FIVE, offset) == NOON + offset + FIVE


def test_keys_are_spread_over_the_interval():
    offsets = {offset_of(f"key-{number}", FIVE) for number in range(100)}
    assert len(offsets) > 50
    assert max(offsets) < FIVE


def test_a_period_s_end_is_looked_at_just_before_and_just_after():
    end = NOON + timedelta(minutes=2)
    before = next_poll(NOON, FIVE, ZERO, UTC_ZONE, end)
    after = next_poll(before, FIVE, ZERO, UTC_ZONE, end)
    assert (before, after) == (end - CLOSING_BEFORE, end + CLOSING_AFTER)


def test_the_quota_day_s_end_is_looked_at_in_its_own_zone():
    zone = ZoneInfo("Asia/Kathmandu")
    end = datetime(2026, 5, 9, 18, 15, tzinfo=UTC)
    assert quota_day(NOON, zone).end == end
    late = end - timedelta(seconds=30)
    before = next_poll(late, timedelta(hours=1), ZERO, zone, None)
    assert before == end - CLOSING_BEFORE
    assert next_poll(end, timedelta(hours=1), ZERO, zone, None) == end + CLOSING_AFTER


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 30), (2, 60), (3, 120), (7, 1_920), (8, 3_600), (50, 3_600)]
)
def test_backoff_doubles_and_stays_below_an_hour(failures, seconds):
    longest = timedelta(seconds=seconds)
    assert longest / 2 <= backoff(failures) <= longest
