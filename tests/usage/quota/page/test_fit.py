"""Whether a plan fits, against a simulation of each minute of the same days."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from random import Random
from statistics import median_low

import pytest

from teams.keys.attributes import change_attributes
from teams.models import Key, Plan, Terms
from tests.cast import Cast
from tests.usage.polled import answer, make_meter, plan_next
from usage.books.ingest import store
from usage.quota.page.fit import Fit
from usage.quota.page.overview import detail

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
BEGIN = datetime(2026, 10, 20, tzinfo=UTC)
PERIOD = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LIMIT = 100_000


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def hours() -> dict[datetime, int]:
    """What was used in each hour: on some days more than a free key may, reached at different hours."""
    dice, found = Random(11), {}
    for number in range(int((NOW - BEGIN) / HOUR)):
        at = BEGIN + number * HOUR
        level = (2_000, 3_500, 6_500)[Random(at.toordinal()).randrange(3)]
        found[at] = dice.randrange(level // 2, level * 3 // 2)
    return found


@pytest.fixture
def key(cast: Cast, hours: dict[datetime, int]) -> Key:
    """A key polled on the full hour."""
    Key.objects.filter(pk=cast.key.pk).update(plan=Plan.FREE)
    cast.key.refresh_from_db()
    meter, told, answers = make_meter(cast.key, NOW), 0, []
    for at, amount in hours.items():
        told += amount
        answers.append(answer(meter, at + HOUR - timedelta(seconds=0.5), {"rax": (told, 1)}, *PERIOD))
    store(answers)
    plan_next(meter, NOW)
    return cast.key


def by_minutes(hours: dict[datetime, int], limit: int) -> dict[date, datetime]:
    """{day: the minute in which its sum reached a limit}."""
    found: dict[date, datetime] = {}
    sums: dict[date, float] = {}
    for at, amount in hours.items():
        for minute in range(60):
            now = at + minute * MINUTE
            day = now.date()
            sums[day] = sums.get(day, 0) + amount / 60
            if sums[day] >= limit and day not in found and day > NOW.date() - timedelta(days=30):
                found[day] = now
    return found


def fits(key: Key) -> list[Fit]:
    return list(detail(key.team, key, NOW).fits)


def text(cast: Cast, key: Key) -> str:
    html = unescape(cast.client("vera").get(f"/t/acme/quota/{key.pk}/").content.decode())
    return " ".join(re.sub(r"<[^>]*>", " ", html).split()).replace(" .", ".").replace(" ,", ",")


def test_it_counts_the_days_at_the_limit_and_says_since_when(cast: Cast, key: Key, hours) -> None:
    expected = by_minutes(hours, LIMIT)
    assert 3 <= len(expected) <= 27
    free = fits(key)[0]
    assert [each.day.day.start.date() for each in free.at_limit] == list(expected)
    for each in free.at_limit:
        assert each.since
        assert abs(each.since - expected[each.day.day.start.date()]) <= 2 * MINUTE
    times = median_low(at.hour * 60 + at.minute for at in expected.values())
    assert free.median
    assert abs(free.median.hour * 60 + free.median.minute - times) <= 2
    words = text(cast, key)
    assert (
        f"On Free it stood at its limit on {len(expected)} of the last 30 days, in the median from" in words
    )
    assert "On Pro never: it has no limit of tokens a day." in words
    assert words.count("of 100,000") >= len(expected)


def test_of_a_key_without_a_limit_it_says_what_another_plan_would_do(cast: Cast, key: Key, hours) -> None:
    change_attributes([key], date.min, {"terms": Terms(Plan.PRO)})
    words = text(cast, key)
    assert "Pro has no limit of tokens a day." in words
    count = len(by_minutes(hours, LIMIT))
    assert f"On Free it would have stood at its limit on {count} of the last 30 days" in words


def test_a_plan_that_would_do_says_how_much_was_used_at_most(cast: Cast) -> None:
    """1,000 tokens an hour, 2,900 on 9 November."""
    meter, told, answers = make_meter(cast.key, NOW), 0, []
    for number in range(int((NOW - BEGIN) / HOUR)):
        at = BEGIN + number * HOUR
        told += 2_900 if at.date() == date(2026, 11, 9) else 1_000
        answers.append(answer(meter, at + HOUR - timedelta(seconds=0.5), {"rax": (told, 1)}, *PERIOD))
    store(answers)
    plan_next(meter, NOW)
    assert "Free would do: 69,600 a day at most." in text(cast, cast.key)
    row = cast.client("vera").get("/t/acme/quota/").text
    assert 'Free would do<span class="q-sub">69,600 a day at most</span>' in row


def test_a_limit_that_changed_is_that_of_each_day(cast: Cast, key: Key, hours) -> None:
    change_attributes([key], date.min, {"terms": Terms(Plan.PRO)})
    change_attributes([key], date(2026, 11, 12), {"terms": Terms(Plan.FREE)})
    expected = [day for day in by_minutes(hours, LIMIT) if day >= date(2026, 11, 12)]
    assert [each.day.day.start.date() for each in fits(key)[0].at_limit] == expected
    assert f"By the limit that was valid on each day it stood at its limit on {len(expected)} of" in text(
        cast, key
    )


def test_days_that_were_not_seen_are_told(cast: Cast) -> None:
    meter = make_meter(cast.key, NOW)
    for ago in range(50, -1, -1):
        at = NOW - ago * HOUR - timedelta(seconds=0.5)
        store([answer(meter, at, {"rax": ((50 - ago) * 100, 1)}, NOW - timedelta(days=3), PERIOD[1])])
    plan_next(meter, NOW)
    words = text(cast, cast.key)
    # The first answer told that nothing was used since noon of the 23rd.
    assert "27 of the 30 days were not seen, or only in part: there may have been more." in words
