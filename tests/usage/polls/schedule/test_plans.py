"""What a poll leaves behind: when its meter is handed out and asked again."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from teams.models import Key, Team
from usage.books.answers.answer import Answer
from usage.models import Meter
from usage.polls.schedule.closings import AHEAD, CROWD, SPREAD
from usage.polls.schedule.plans import Asked, Crowds
from usage.quota.day import quota_day

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
START, END = NOON - timedelta(days=8), NOON + timedelta(minutes=2)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
NO_TIME = timedelta()
COUNTERS = {"total_tokens": 10, "total_requests": 1}
URL = "http://127.0.0.1:9/api/v1"

pytestmark = pytest.mark.django_db


def meter(zone="UTC", **fields):
    team = Team(name="Acme", quota_time_zone=zone)
    return Meter(team=team, key_id=UUID(int=7), base_url=URL, next_poll_at=NOON, **fields)


def plan(meter, at=NOON, offset=NO_TIME, error="", **told):
    answer = Answer(1, 1, at, at + SECOND / 10, 300, error=error, **COUNTERS | told)
    return Asked(meter, answer, at, at + SECOND / 10, offset).plan(HOUR, Crowds())


def ending():
    """A meter whose period ends in two minutes, as it has told before."""
    return meter(period_start=START, period_end=END)


def told():
    return {"period_start": START, "period_end": END - SECOND}


def test_a_closing_poll_is_handed_out_a_tick_ahead():
    planned = plan(ending(), **told())
    assert planned.closing_at == END - 2 * SECOND
    assert planned.next_poll_at.replace(microsecond=0) == END - 2 * SECOND - AHEAD


def test_a_closing_poll_that_is_near_is_handed_out_at_once():
    planned = plan(ending(), END - 2 * SECOND, **told())
    assert planned.closing_at == END + SECOND
    assert planned.next_poll_at == END - 1.9 * SECOND


def test_it_is_asked_by_the_provider_s_clock():
    ahead = plan(ending(), offset=40 * SECOND, **told())
    assert ahead.closing_at == END + 38 * SECOND
    behind = plan(ending(), offset=-40 * SECOND, **told())
    assert behind.closing_at == END - 42 * SECOND


def test_a_regular_poll_before_it_comes_first():
    long_before = plan(ending(), END - 3 * HOUR, **told())
    assert long_before.closing_at is None
    assert long_before.next_poll_at < END - 2 * HOUR


def test_a_newer_period_ends_the_closing_polls_of_the_old_one():
    next_end = END + timedelta(days=30)
    planned = plan(ending(), END + 2 * SECOND, period_start=END, period_end=next_end)
    assert planned.closing_at is None


def test_the_old_period_is_asked_for_again():
    assert plan(ending(), END + 2 * SECOND, **told()).closing_at == END + 15 * SECOND
    assert plan(ending(), END + 61 * SECOND, **told()).closing_at is None


def test_a_provider_that_fails_is_asked_at_the_end_all_the_same():
    assert plan(ending(), error="The server is away.").closing_at == END - 2 * SECOND


def test_a_window_that_rolls_is_polled_at_its_ordinary_pace():
    rolling = {"period_start": NOON - HOUR, "period_end": NOON + SECOND}
    before = meter(period_start=NOON - 2 * HOUR, period_end=NOON - HOUR + SECOND)
    assert plan(before, **rolling).closing_at is None


def test_what_cannot_be_counted_moves_no_end():
    planned = plan(ending(), period_start=START, period_end=END + HOUR, total_tokens=-1)
    assert planned.closing_at == END - 2 * SECOND


ABSURD = ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]


@pytest.mark.parametrize("absurd", ABSURD)
def test_an_absurd_end_breaks_nothing(absurd):
    at = datetime.fromisoformat(absurd)
    assert plan(meter(), period_start=START, period_end=at).closing_at is None
    assert plan(meter(period_start=START, period_end=at), period_start=START).closing_at is None


def test_the_quota_day_s_end_is_looked_at_in_its_own_zone():
    kathmandu = meter("Asia/Kathmandu")
    end = datetime(2026, 5, 9, 18, 15, tzinfo=UTC)
    assert quota_day(NOON, kathmandu.team.quota_zone).end == end
    assert plan(kathmandu, end - 30 * SECOND).closing_at == end - 2 * SECOND
    assert plan(kathmandu, end - 2 * SECOND).closing_at == end + SECOND
    assert plan(kathmandu, end + SECOND).closing_at is None


def test_many_keys_of_one_host_are_not_asked_at_one_instant(team, key):
    others = [Key(team=team, name=f"Key {number}", base_url=URL) for number in range(CROWD)]
    for other in others:
        other.ciphertext, other.encryption_key_id = key.ciphertext, key.encryption_key_id
    Key.objects.bulk_create(others)
    Meter.objects.bulk_create(
        Meter(team=team, key=other, name=other.name, base_url=URL, next_poll_at=NOON) for other in others
    )
    assert plan(ending(), **told()).closing_at == END - 2 * SECOND
    Meter.objects.create(team=team, key=key, name=key.name, next_poll_at=NOON)
    crowded = plan(ending(), **told()).closing_at
    assert END - 2 * SECOND - SPREAD < crowded < END - 2 * SECOND
    after = plan(ending(), crowded, **told()).closing_at
    assert END + SECOND < after < END + SECOND + SPREAD


def test_no_two_plans_have_the_same_slot():
    first = plan(meter(), NOON + timedelta(microseconds=123))
    second = plan(meter(), NOON + timedelta(microseconds=456))
    assert first.next_poll_at != second.next_poll_at
