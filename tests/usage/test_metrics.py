"""Prometheus is told what was used, how near limits are and how late polls are, by key and model."""

from datetime import UTC, datetime, timedelta

import pytest

from common.metrics import Collectors
from teams.models import Key
from tests.cast import Cast, make_key
from tests.metrics import Samples, samples_of
from tests.usage.polled import make_meter, poll
from usage.ledger import OTHER_MODELS
from usage.metrics import collect
from usage.models import Host, Meter, RateSample

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
PERIOD = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    return make_meter(cast.key, NOON)


def told(now: datetime = NOON) -> Samples:
    return samples_of(collect(now))


def test_what_was_used_is_told_by_key_and_model(meter: Meter) -> None:
    poll(meter, NOON - 10 * MINUTE, {"rax-4.0": (1_000, 10), "rax-4.5": (200, 2)}, *PERIOD)
    poll(meter, NOON - 5 * MINUTE, {"rax-4.0": (1_500, 15), "rax-4.5": (200, 2)}, *PERIOD)
    found = told()
    assert found["raxdash_used_tokens", "acme", "Main key", "rax-4.0"] == 1_500
    assert found["raxdash_used_tokens", "acme", "Main key", "rax-4.5"] == 200
    assert found["raxdash_used_requests", "acme", "Main key", "rax-4.0"] == 15


def test_what_was_used_goes_on_over_the_end_of_a_period(meter: Meter) -> None:
    october = datetime(2026, 10, 1, tzinfo=UTC), PERIOD[0]
    poll(meter, PERIOD[0] - 5 * MINUTE, {"rax-4.0": (1_000, 10)}, *october)
    poll(meter, PERIOD[0] + 5 * MINUTE, {"rax-4.0": (30, 1)}, *PERIOD)
    assert told()["raxdash_used_tokens", "acme", "Main key", "rax-4.0"] == 1_030


def test_a_key_that_names_many_models_has_no_more_series_than_seats(meter: Meter) -> None:
    models = {f"model-{number:03}": (number + 1, 1) for number in range(150)}
    poll(meter, NOON - 5 * MINUTE, models, *PERIOD)
    used = {labels[-1]: value for labels, value in told().items() if labels[0] == "raxdash_used_tokens"}
    assert len(used) <= 101
    assert sum(used.values()) == sum(range(1, 151))
    assert OTHER_MODELS in used


def test_keys_of_one_account_are_told_once(cast: Cast, meter: Meter) -> None:
    poll(meter, NOON - 5 * MINUTE, {"rax-4.0": (1_000, 10)}, *PERIOD)
    twin = make_meter(make_key(cast.team, cast.alice, "Twin"), NOON)
    Meter.objects.filter(pk=twin.pk).update(merged_into=meter)
    assert {labels[2] for labels in told() if labels[0] == "raxdash_used_tokens"} == {"Main key"}


def test_an_account_whose_own_key_is_gone_is_told_apart(cast: Cast, meter: Meter) -> None:
    poll(meter, NOON - 5 * MINUTE, {"rax-4.0": (1_000, 10)}, *PERIOD)
    twin = make_meter(make_key(cast.team, cast.alice, "Twin"), NOON)
    Meter.objects.filter(pk=twin.pk).update(merged_into=meter)
    cast.key.delete()
    make_meter(make_key(cast.team, cast.alice, "Main key"), NOON)
    names = {labels[2] for labels in told() if labels[0] == "raxdash_used_tokens"}
    assert names == {f"Main key (account {meter.pk})"}


def test_nothing_is_told_of_keys_that_are_retired(cast: Cast, meter: Meter) -> None:
    poll(meter, NOON - 5 * MINUTE, {"rax-4.0": (1_000, 10)}, *PERIOD)
    Key.objects.get().retire()
    assert not [labels for labels in told() if "Main key" in labels]


@pytest.mark.parametrize(("hours", "is_told"), [(1, True), (13, False)])
def test_a_share_that_was_told_before_the_quota_day_says_nothing_of_it(
    meter: Meter, hours: int, is_told: bool
) -> None:
    Meter.objects.update(limit_share=0.84, watched_until=NOON - timedelta(hours=hours))
    assert told().get(("raxdash_limit_used_ratio", "acme", "Main key")) == (0.84 if is_told else None)


def test_polls_that_are_late_and_hosts_that_are_silent_are_counted(meter: Meter) -> None:
    Meter.objects.update(next_poll_at=NOON - 3 * MINUTE, watched_until=NOON - 9 * MINUTE)
    Host.objects.create(address="https://api.example.com", failing_since=NOON, failures=2)
    found = told()
    assert found["raxdash_poll_age_seconds", "acme", "Main key"] == 540
    assert (found["raxdash_polls_late",], found["raxdash_hosts_silent",]) == (1, 1)


@pytest.mark.parametrize(("seconds", "left"), [(30, 42), (61, None)])
def test_rate_limits_are_told_while_they_can_be_believed(cast: Cast, seconds: int, left: int | None) -> None:
    RateSample.objects.create(
        key=cast.key,
        received_at=NOON - timedelta(seconds=seconds),
        source="run",
        requests_limit=60,
        requests_remaining=42,
    )
    assert told().get(("raxdash_rate_limit_left", "acme", "Main key", "requests")) == left


def test_it_asks_as_often_for_many_keys_as_for_one(
    cast: Cast, meter: Meter, django_assert_num_queries
) -> None:
    for number in range(5):
        make_meter(make_key(cast.team, cast.alice, f"Key {number}"), NOON)
    with django_assert_num_queries(4):
        list(collect(NOON))


def test_a_part_that_cannot_be_asked_leaves_the_others(meter: Meter) -> None:
    collectors = Collectors()
    collectors.register("usage", "usage.metrics.collect")
    collectors.register("gone", "usage.metrics.gone")
    found = samples_of(collectors.collect(NOON))
    assert found["raxdash_collector_up", "usage"] == 1
    assert found["raxdash_collector_up", "gone"] == 0
    assert ("raxdash_polls_late",) in found
