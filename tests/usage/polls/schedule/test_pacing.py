"""Meters near a limit are asked more often, quiet ones less, and never beyond the bounds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from teams.models import Plan
from tests.usage.conftest import make_key
from tests.usage.polled import make_meter, poll, run
from usage.models import Meter, RawPoll
from usage.polls import polling
from usage.polls.schedule import pacing
from usage.polls.schedule.pacing import FASTEST, SLOWEST, Load, interval
from usage.quota.limiter import POLL_RESERVE
from usage.quota.listing import quota_list

FIVE = timedelta(minutes=5)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        (Load(), 5),
        (Load(share=0.79), 5),
        (Load(share=0.8), 2.5),
        (Load(share=0.96), 1),
        (Load(share=1.2), 5),
        (Load(idle=HOUR), 10),
        (Load(idle=7 * HOUR), 15),
        (Load(share=0.96, idle=7 * HOUR), 15),
    ],
)
def test_the_interval_follows_the_load(load, expected):
    assert interval(FIVE, load) == timedelta(minutes=expected)


@given(st.integers(10, 86_400), st.floats(0, 3), st.integers(0, 10**6))
@example(90, 0.9, 0)
@example(600, 0.0, 3_600)
def test_it_stays_within_its_bounds_whatever_is_set(seconds, share, idle):
    base = timedelta(seconds=seconds)
    found = interval(base, Load(share, timedelta(seconds=idle)))
    assert min(base, FASTEST) <= found <= max(base, SLOWEST)


def test_the_fastest_polls_stay_within_what_is_reserved_for_them():
    assert timedelta(minutes=1) / FASTEST < POLL_RESERVE


@pytest.mark.django_db
def test_a_key_near_its_limit_is_asked_sooner_and_its_raw_polls_say_so(team, provider):
    make_key(team, base_url=provider.base_url, plan=Plan.OWN, tokens_per_period=1_000)
    provider.simulator.record(provider.simulator.keys["rax_demo_pro"], "rax-4.0", 960)
    polling.poll_now()
    assert (Meter.objects.get().interval_seconds, Meter.objects.get().limit_share) == (60, 0.96)
    polling.poll_now(timezone.now() + FIVE)
    assert [raw.interval_seconds for raw in RawPoll.objects.order_by("pk")] == [300, 60]


@pytest.mark.django_db
def test_counters_that_stand_still_are_asked_less_often_until_they_move(team, provider):
    make_key(team, base_url=provider.base_url)
    polling.poll_now()
    polling.poll_now(timezone.now() + FIVE)
    meter = Meter.objects.get()
    assert meter.idle_since is not None
    Meter.objects.update(idle_since=meter.idle_since - 2 * HOUR)
    polling.poll_now(timezone.now() + 2 * FIVE)
    assert Meter.objects.get().interval_seconds == 600
    provider.simulator.record(provider.simulator.keys["rax_demo_pro"], "rax-4.0", 5)
    polling.poll_now(timezone.now() + 3 * FIVE)
    assert (Meter.objects.get().interval_seconds, Meter.objects.get().idle_since) == (300, None)


@pytest.mark.django_db
def test_a_period_that_is_over_is_near_no_limit(team):
    key = make_key(team, plan=Plan.OWN, tokens_per_period=1_000)
    november, december = (datetime(2026, month, 1, tzinfo=UTC) for month in (11, 12))
    january = december + timedelta(days=31)
    meter = make_meter(key, december)
    poll(meter, december - FIVE, {"rax": (960, 9)}, november, december)
    share = [pacing.loads([meter], now)[meter.pk].share for now in (december - FIVE, december)]
    assert share == [0.96, 0]
    poll(meter, december + FIVE, {"rax": (850, 9)}, december, january)
    assert pacing.loads([meter], december + FIVE)[meter.pk].share == 0.85


@pytest.mark.django_db
def test_a_key_without_usage_stands_where_its_own_runs_put_it(team, provider):
    provider.simulator.settings.faults = "no-usage"
    key = make_key(team, base_url=provider.base_url, plan=Plan.OWN, tokens_per_day=1_000)
    make_key(team, "Other", base_url=provider.base_url, plan=Plan.FREE)
    run(key, timezone.now(), 900)
    polling.poll_now(timezone.now() + FIVE)
    assert Meter.objects.get(key=key).limit_share == 0.9
    listed = quota_list(team, {}, timezone.now())
    assert (listed.keys[0].key, listed.near) == (key, 1)


@pytest.mark.django_db
def test_a_batch_asks_for_the_loads_in_a_few_queries(team, django_assert_max_num_queries):
    now = timezone.now()
    for number in range(20):
        key = make_key(team, f"Key {number}", plan=Plan.FREE)
        Meter.objects.create(team=team, key=key, name=key.name, next_poll_at=now)
    meters = list(Meter.objects.select_related("key", "team"))
    with django_assert_max_num_queries(3):
        assert len(pacing.loads(meters, now)) == 20
