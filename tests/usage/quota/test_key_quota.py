"""Quotas: used, left, pace, exhaustion, and how old the headroom is."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from teams.models import Plan
from tests.usage.conftest import make_key
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.local_usage import record_local_usage
from usage.claims import known
from usage.models import LocalUsage, Meter
from usage.quota.burn import Burn
from usage.quota.day import LimitPeriod
from usage.quota.gauges import gauge
from usage.quota.listing import quota_list
from usage.quota.use import day_tokens

MAY = datetime(2026, 5, 1, tzinfo=UTC)
DAY = datetime(2026, 5, 9, tzinfo=UTC)
NOON = DAY + timedelta(hours=12)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SPAN = LimitPeriod(DAY, DAY + timedelta(days=1))


@pytest.fixture
def key(team):
    return make_key(team, plan=Plan.FREE)


@pytest.fixture
def meter(team, key):
    """Polled every five minutes since the day before: 10,000 tokens, then 6,000 an hour from 10:00 on."""
    meter = Meter.objects.create(team=team, key=key, name=key.name, next_poll_at=NOON)
    first = DAY - HOUR
    moments = [first + 5 * MINUTE * index for index in range(157)]
    store(answer(meter, at, 10_000 + max(int((at - NOON + 2 * HOUR) / MINUTE), 0) * 100) for at in moments)
    return meter


def answer(meter, at, tokens):
    period = MAY, datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)
    slot = int(at.timestamp())
    return Answer(meter.pk, slot, at, at, 300, 200, "", *period, tokens, tokens // 100, {"rax": (tokens, 0)})


def spend(team, key, at, tokens):
    record_local_usage(
        team_id=team.pk,
        key_id=key.pk,
        member_id=None,
        source=LocalUsage.Source.PLAYGROUND,
        run=uuid.uuid4(),
        model="rax",
        prompt_tokens=tokens,
        completion_tokens=0,
        is_reported=True,
        at=at,
    )


def test_the_day_counts_only_what_was_used_since_its_midnight(team, meter):
    (quota,) = quota_list(team, {}, NOON).keys
    assert quota.today.used == known(12_000)
    assert quota.today.left == 88_000
    assert quota.today.resets_at == SPAN.end
    assert quota.today_requests == known(120)


def test_the_period_counts_what_the_provider_last_said(team, meter):
    (quota,) = quota_list(team, {}, NOON).keys
    assert quota.period.used == known(22_000)
    assert quota.period.limit is None
    assert quota.period.resets_at == datetime(2026, 6, 1, tzinfo=UTC)


def test_the_burn_is_that_of_the_last_hour(team, meter):
    (quota,) = quota_list(team, {}, NOON).keys
    assert quota.today.burn == Burn(6_000)


def test_usage_from_before_watching_is_used_but_is_no_burn(team, key):
    meter = Meter.objects.create(team=team, key=key, name="New", next_poll_at=NOON)
    store([answer(meter, NOON, 50_000)])
    (quota,) = quota_list(team, {}, NOON).keys
    assert quota.period.used == known(50_000)
    assert quota.today.burn is None


def test_own_runs_after_the_last_poll_stand_beside_the_gauge(team, key, meter):
    spend(team, key, NOON - HOUR, 5)
    spend(team, key, NOON + MINUTE, 700)
    (quota,) = quota_list(team, {}, NOON + 2 * MINUTE).keys
    assert quota.own_since == 700
    assert day_tokens(key, NOON + 2 * MINUTE) == 12_700


def test_a_server_without_usage_counts_what_raxdash_ran(team, key):
    Meter.objects.create(team=team, key=key, name="Main", next_poll_at=NOON, status=Meter.Status.NO_USAGE)
    spend(team, key, NOON, 700)
    (quota,) = quota_list(team, {}, NOON + MINUTE).keys
    assert quota.is_local
    assert quota.today.used == known(700)


def test_a_run_is_recorded_once(team, key):
    line: dict[str, Any] = {"team_id": team.pk, "key_id": key.pk, "run": uuid.uuid4(), "model": "rax"}
    line |= {"member_id": None, "source": LocalUsage.Source.PLAYGROUND}
    tokens: dict[str, Any] = {"prompt_tokens": 1, "completion_tokens": 2, "is_reported": False, "at": NOON}
    assert record_local_usage(**line, **tokens)
    assert not record_local_usage(**line, **tokens)


def test_a_limit_that_ends_before_its_reset_says_when():
    found = gauge(known(60_000), 100_000, SPAN, NOON, Burn(10_000))
    assert found.exhausted_at == NOON + 4 * HOUR
    assert found.pace == pytest.approx(1.2)


@pytest.mark.parametrize("burn", [None, Burn(0), Burn(1_000)])
def test_a_limit_that_lasts_until_its_reset_names_no_moment(burn):
    assert gauge(known(60_000), 100_000, SPAN, NOON, burn).exhausted_at is None


def test_a_limit_that_is_used_up_is_so_now():
    found = gauge(known(120_000), 100_000, SPAN, NOON, None)
    assert (found.exhausted_at, found.left) == (NOON, 0)


def test_many_keys_cost_as_many_queries_as_one(team, meter, django_assert_max_num_queries):
    for index in range(20):
        make_key(team, name=f"Key {index}")
    with django_assert_max_num_queries(7):
        quota_list(team, {}, NOON)
