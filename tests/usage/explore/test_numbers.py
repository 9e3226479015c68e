"""The numbers behind charts: whole, in any buckets, with gaps as gaps."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.usage.stored import answer_at, make_meter
from tests.usage.totals import totals
from usage.books.ingest import store
from usage.explore.reading import numbers
from usage.ledger import Quality

MAY = datetime(2024, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def answer(meter, at, tokens, start=MAY):
    half = tokens // 2
    return answer_at(
        meter,
        at,
        period_start=start,
        period_end=None,
        total_tokens=tokens,
        total_requests=tokens // 10,
        breakdown={"rax-4.0": (half, 0), "rax-4.5": (tokens - half, 0)},
    )


@pytest.fixture
def meter(team):
    return make_meter(team)


@pytest.fixture
def watched(team, meter):
    """Ten days of hourly polls, 1,000 tokens an hour, with a hole in the sixth day's night."""
    team.time_zone = "Asia/Kathmandu"
    team.save()
    polls = [MAY + HOUR * index for index in range(1, 240) if not 122 <= index < 130]
    store(answer(meter, at, int((at - MAY) / HOUR) * 1000) for at in polls)
    return polls[-1]


def test_buckets_of_any_size_add_up_to_the_same_total(team, watched):
    zone = ZoneInfo("Asia/Kathmandu")
    midnight = datetime(2024, 5, 1, tzinfo=zone)
    days = numbers.read(team, [midnight + DAY * index for index in range(11)], "tokens", now=watched)
    hours = numbers.read(team, [midnight + HOUR * index for index in range(241)], "tokens", now=watched)
    assert days.total == hours.total == totals(team, midnight, midnight + DAY * 10)["tokens"] == 234_250


def test_days_by_model_equal_days_by_key(team, watched):
    edges = [MAY + DAY * index for index in range(10)]
    by_model = numbers.read(team, edges, "tokens", now=watched)
    by_key = numbers.read(team, edges, "tokens", numbers.BY_KEY, now=watched)
    (main,) = by_key.amounts
    assert by_key.names.of_series(by_key.by, main) == "Main"
    assert list(by_key.amounts[main]) == [sum(row) for row in zip(*by_model.amounts.values(), strict=True)]


def test_a_billing_period_that_divides_local_days_is_whole(team, watched):
    zone = ZoneInfo("Asia/Kathmandu")
    inner = [datetime(2024, 5, 2 + index, tzinfo=zone) for index in range(8)]
    found = numbers.read(team, [MAY, *inner, MAY + DAY * 9], "tokens", now=watched)
    assert found.total == 216_000


def test_missed_polls_are_interpolated_and_add_up(team, watched):
    edges = [MAY + HOUR * 121, MAY + HOUR * 130]
    found = numbers.read(team, edges, "tokens", now=watched)
    assert found.total == 9000
    assert set(found.qualities[0]) == {Quality.INTERPOLATED}
    assert found.measured_share == 0


def test_time_since_a_meter_went_blind_is_a_gap(team, meter, key, watched):
    meter.refresh_from_db()
    meter.key, meter.missed_polls = key, 3
    meter.save()
    later = watched + HOUR * 10
    edges = [watched + HOUR, watched + HOUR * 2]
    assert set(numbers.read(team, edges, "tokens", now=later).qualities[0]) == {Quality.UNKNOWN}


def test_the_bucket_in_progress_is_provisional(team, meter, key, watched):
    meter.refresh_from_db()
    meter.key = key
    meter.save()
    edges = [watched - HOUR * 2, watched - HOUR, watched + HOUR, watched + HOUR * 2]
    found = numbers.read(team, edges, "tokens", now=watched + MINUTE)
    assert found.provisional == (False, True, False)
    assert found.as_of == watched


def test_the_time_before_the_first_period_counts_for_nothing(team, watched):
    young = numbers.read(team, [MAY - DAY * 60, watched], "tokens", now=watched)
    alone = numbers.read(team, [MAY, watched], "tokens", now=watched)
    assert (young.known_since, young.measured_share) == (MAY, alone.measured_share)


def test_before_anybody_watched_is_a_gap(team, watched):
    found = numbers.read(team, [MAY - DAY * 2, MAY - DAY], "tokens", now=watched)
    assert set(found.qualities[0]) == {Quality.UNKNOWN}
    assert found.total == 0


def test_a_team_without_keys_has_no_numbers(team):
    found = numbers.read(team, [MAY, MAY + DAY], "tokens", now=MAY + DAY)
    assert (found.total, found.amounts, found.as_of, found.measured_share) == (0, {}, None, None)


@pytest.mark.parametrize("by", [numbers.BY_MODEL, numbers.BY_KEY])
def test_it_asks_as_much_of_many_keys_as_of_one(team, watched, by, django_assert_max_num_queries):
    for index in range(20):
        store([answer(make_meter(team, name=f"Key {index}"), watched, 500)])
    with django_assert_max_num_queries(9):
        numbers.read(team, [MAY, MAY + DAY * 5], "tokens", by, now=watched)
