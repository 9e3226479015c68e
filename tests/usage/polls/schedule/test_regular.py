"""When a meter is asked as a rule."""

from datetime import UTC, datetime, timedelta

import pytest

from usage.polls.schedule.regular import backoff, next_regular, offset_of

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def test_regular_polls_keep_their_own_place_in_the_interval():
    offset = timedelta(seconds=70)
    assert next_regular(NOON, FIVE, offset) == NOON + offset
    assert next_regular(NOON + offset, FIVE, offset) == NOON + offset + FIVE


def test_keys_are_spread_over_the_interval():
    offsets = {offset_of(f"key-{number}", FIVE) for number in range(100)}
    assert len(offsets) > 50
    assert max(offsets) < FIVE


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 30), (2, 60), (3, 120), (7, 1_920), (8, 3_600), (50, 3_600)]
)
def test_backoff_doubles_and_stays_below_an_hour(failures, seconds):
    longest = timedelta(seconds=seconds)
    assert longest / 2 <= backoff(failures) <= longest
