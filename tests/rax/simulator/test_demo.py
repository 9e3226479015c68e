from datetime import UTC, datetime, timedelta
from itertools import pairwise

from rax.simulator import FREE, Simulator
from rax.simulator.demo import BATCH, DEMO_KEYS, LARGE, SMALL

END = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
NINETY_DAYS = timedelta(days=90)
DAY = timedelta(days=1)


def tokens(key, start, end):
    return sum(amount.tokens for amount in key.load.between(start, end).values())


def test_the_three_keys_are_of_different_size():
    month = [tokens(key, END - 30 * DAY, END) for key in (LARGE, BATCH, SMALL)]
    assert month[0] > 1.5 * month[1] > 10 * month[2]
    assert {key.secret for key in DEMO_KEYS} == {"rax_demo_pro", "rax_demo_batch", "rax_demo_free"}


def test_the_small_key_stays_within_its_plan():
    days = [tokens(SMALL, END + n * DAY, END + (n + 1) * DAY) for n in range(-90, 0)]
    assert FREE.tokens_per_day * 0.5 < max(days) < FREE.tokens_per_day


def test_the_batch_key_works_at_night():
    midnight = END - END.hour * timedelta(hours=1)
    night, noon = tokens(BATCH, midnight, midnight + DAY / 4), tokens(BATCH, END, END + DAY / 4)
    assert night > 20 * noon


def test_ninety_days_hold_corrections_and_rollovers_and_nothing_else_falls():
    polls = [
        answer
        for _, answer in Simulator(DEMO_KEYS).history(LARGE, END - NINETY_DAYS, END, timedelta(minutes=5))
    ]
    falls = [
        before["period_start"] == after["period_start"]
        for before, after in pairwise(polls)
        if after["total_tokens"] < before["total_tokens"]
    ]
    assert falls.count(False) == 3
    assert 1 <= falls.count(True) <= 2
