from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from rax.simulator import FREE, Simulator
from rax.simulator.demo import NEW, OLD, demo_keys, new_since, old_until, parse_day
from rax.simulator.options import parse_options

END = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
NINETY_DAYS = timedelta(days=90)
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
BEGAN = END.date()
LARGE, SMALL, BATCH, *OTHERS = demo_keys(BEGAN)


def tokens(key, start, end):
    return sum(amount.tokens for amount in key.load.between(start, end).values())


def test_the_three_keys_are_of_different_size():
    month = [tokens(key, END - 30 * DAY, END) for key in (LARGE, BATCH, SMALL)]
    assert month[0] > 1.5 * month[1] > 10 * month[2]
    assert {key.secret for key in demo_keys(BEGAN)} == {
        *("rax_demo_pro", "rax_demo_batch", "rax_demo_free"),
        *("rax_demo_mobile", "rax_demo_evals", "rax_demo_docs"),
    }


def test_every_other_key_uses_less_than_the_large_one_and_more_than_nothing():
    large, *others = (tokens(key, END - 30 * DAY, END) for key in (LARGE, *OTHERS))
    assert all(0 < used < large / 2 for used in others), others


def test_the_small_key_stays_within_its_plan():
    midnight = END - END.hour * timedelta(hours=1)
    days = [tokens(SMALL, midnight + n * DAY, midnight + (n + 1) * DAY) for n in range(-90, 0)]
    assert FREE.tokens_per_day * 0.5 < max(days) < FREE.tokens_per_day


def test_the_batch_key_works_at_night():
    midnight = END - END.hour * timedelta(hours=1)
    night, noon = tokens(BATCH, midnight, midnight + DAY / 4), tokens(BATCH, END, END + DAY / 4)
    assert night > 20 * noon


def test_the_small_key_is_near_its_limit_from_early_in_the_day_on():
    midnight = END - END.hour * timedelta(hours=1)
    early = [tokens(SMALL, midnight + n * DAY, midnight + n * DAY + DAY / 8) for n in range(-90, 0)]
    assert sum(used > FREE.tokens_per_day * 0.65 for used in early) == 90


def test_work_moves_from_a_model_that_goes_to_one_that_comes():
    assert END - old_until(BEGAN) < 15 * DAY < 40 * DAY < END - new_since(BEGAN)
    used = [set(LARGE.load.between(at, at + DAY)) for at in (END - 80 * DAY, END - 30 * DAY, END - DAY)]
    others = {"rax-4.0", "rax-4.5"}
    assert used == [others | {OLD.id}, others | {OLD.id, NEW.id}, others | {NEW.id}]


def test_the_quarters_of_its_busy_hours_differ_and_add_up():
    hours = [END - n * timedelta(hours=1) for n in range(48)]
    for hour in hours:
        parts = [tokens(LARGE, hour + n * QUARTER, hour + (n + 1) * QUARTER) for n in range(4)]
        assert sum(parts) == tokens(LARGE, hour, hour + 4 * QUARTER)
        assert max(parts) > 1.1 * min(parts)


def test_the_command_line_takes_the_day_or_begins_today():
    simulator = parse_options(["--demo", "2026-03-18"]).simulator
    assert simulator.keys["rax_demo_pro"] == LARGE
    assert set(simulator.models) == {"rax-4.0", "rax-4.5", NEW.id}
    today = parse_options(["--demo", "--pace", "1000"]).simulator
    assert set(today.keys) == set(simulator.keys)


def test_a_day_that_is_none_is_refused_with_an_example():
    assert parse_day("2026-03-18") == BEGAN
    with pytest.raises(ValueError, match="such as 2026-11-24"):
        parse_day("yesterday")


def test_ninety_days_hold_corrections_and_rollovers_and_nothing_else_falls():
    polls = [
        answer
        for _, answer in Simulator(demo_keys(BEGAN)).history(
            LARGE, END - NINETY_DAYS, END, timedelta(minutes=5)
        )
    ]
    falls = [
        before["period_start"] == after["period_start"]
        for before, after in pairwise(polls)
        if after["total_tokens"] < before["total_tokens"]
    ]
    assert falls.count(False) == 3
    assert 1 <= falls.count(True) <= 2
