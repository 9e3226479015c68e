"""Whether a plan fits, by its limits beside tokens a day, against what was polled by hand."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from random import Random

import pytest

from teams.models import Key, Plan
from tests.cast import Cast
from tests.usage.polled import answer, make_meter, plan_next
from usage.books.ingest import store

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PERIODS = [datetime(2026, month, 1, tzinfo=UTC) for month in (8, 9, 10, 11, 12)]
NOVEMBER = PERIODS[3], PERIODS[4]
QUARTER = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def words(cast: Cast) -> str:
    html = unescape(cast.client("vera").get(f"/t/acme/quota/{cast.key.pk}/").content.decode())
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def limited(cast: Cast, plan: Plan, **limits: int) -> None:
    Key.objects.filter(pk=cast.key.pk).update(plan=plan, **limits)


def test_requests_a_minute_are_those_of_the_busiest_quarter(cast: Cast) -> None:
    limited(cast, Plan.FREE)
    dice, meter, told, most = Random(5), make_meter(cast.key, NOW), 0, 0
    answers = []
    for number in range(-100, 1):
        at = NOW + number * QUARTER
        requests = dice.randrange(300) if number > -100 else 0
        told, most = told + requests, max(most, requests)
        answers.append(answer(meter, at - timedelta(seconds=0.5), {"rax": (told, told)}, *NOVEMBER))
    store(answers)
    plan_next(meter, NOW)
    assert f"Requests: {-(-most // 15)} a minute at most, on average of a quarter of an hour" in words(cast)
    assert "Free allows 60; Pro allows 600." in words(cast)


def test_a_plan_that_allows_fewer_says_so(cast: Cast) -> None:
    limited(cast, Plan.PRO)
    meter = make_meter(cast.key, NOW)
    for minutes, requests in ((60, 0), (45, 1_000), (0, 1_000)):
        at = NOW - timedelta(minutes=minutes, seconds=0.5)
        store([answer(meter, at, {"rax": (requests, requests)}, *NOVEMBER)])
    plan_next(meter, NOW)
    assert "Requests: 67 a minute at most" in words(cast)
    assert "Pro allows 600; Free allows 60: too few." in words(cast)


def test_billing_periods_are_held_against_the_limit_of_the_key(cast: Cast) -> None:
    limited(cast, Plan.OWN, tokens_per_period=5_000)
    meter = make_meter(cast.key, NOW)
    for place, tokens in enumerate((3_000, 6_000, 4_999, 9_000)):
        start, end = PERIODS[place : place + 2]
        at = min(end, NOW) - timedelta(seconds=1)
        store([answer(meter, at, {"rax": (tokens, 1)}, start, end)])
    plan_next(meter, NOW)
    assert "it stood at it in 1 of the last 3 billing periods." in words(cast)
    limited(cast, Plan.OWN, tokens_per_period=6_001)
    assert "in none of the last 3 billing periods" in words(cast)
    assert "6,000 at most, of 6,001." in words(cast)


def test_who_has_no_such_limit_reads_nothing_of_periods(cast: Cast) -> None:
    limited(cast, Plan.FREE)
    make_meter(cast.key, NOW)
    assert "billing periods" not in words(cast)
    assert "Requests:" not in words(cast)
