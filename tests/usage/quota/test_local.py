"""A key whose server tells no usage is metered by what raxdash ran with it, and the page says so."""

import random
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from teams.models import Key, Plan
from tests.cast import Cast, make_key
from tests.usage.polled import make_meter, poll, run
from usage.claims import known
from usage.models import Meter
from usage.quota.day import quota_month
from usage.quota.key_quota import KeyQuota
from usage.quota.listing import quota_list
from usage.quota.page.overview import detail

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon for the page and for the words it uses for times."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def key(cast: Cast) -> Key:
    """A key with limits of its own, at a server without a usage endpoint."""
    Key.objects.filter(pk=cast.key.pk).update(
        plan=Plan.OWN, tokens_per_day=100_000, tokens_per_period=1_000_000
    )
    cast.key.refresh_from_db()
    make_meter(cast.key, NOON, status=Meter.Status.NO_USAGE)
    return cast.key


def quota_of(key: Key) -> KeyQuota:
    (found,) = (quota for quota in quota_list(key.team, {}, NOON).keys if quota.key.pk == key.pk)
    return found


def page(client: Client, path: str = "") -> str:
    return " ".join(unescape(client.get(f"/t/acme/quota/{path}").content.decode()).split())


def test_it_counts_tokens_and_requests_as_one_would_by_hand(key: Key) -> None:
    chance, runs = random.Random(3), []
    for _ in range(110):
        at = NOON - chance.randrange(40 * 24 * 60) * MINUTE - MINUTE
        runs.append((at, chance.randrange(1, 5_000)))
        run(key, *runs[-1])
    today = [tokens for at, tokens in runs if at.date() == NOON.date()]
    month = [tokens for at, tokens in runs if at.month == NOON.month]
    quota = quota_of(key)
    assert (quota.today.used, quota.today_requests) == (known(sum(today)), known(len(today)))
    assert quota.period
    assert (quota.period.used, quota.period_requests) == (known(sum(month)), known(len(month)))


def test_nothing_stands_both_as_used_and_as_not_counted(key: Key) -> None:
    run(key, NOON - HOUR, 700)
    assert quota_of(key).own_since == 0


def test_its_period_is_the_month_in_which_limits_begin_anew(key: Key) -> None:
    quota = quota_of(key)
    assert quota.period
    assert (quota.period.starts_at, quota.period.resets_at) == NOVEMBER


@pytest.mark.parametrize(
    ("zone", "starts", "ends"),
    [
        ("Asia/Kathmandu", "2026-10-31T18:15+00:00", "2026-11-30T18:15+00:00"),
        ("America/New_York", "2026-11-01T04:00+00:00", "2026-12-01T05:00+00:00"),
    ],
)
def test_a_month_is_one_of_the_providers_zone(zone: str, starts: str, ends: str) -> None:
    month = quota_month(NOON, ZoneInfo(zone))
    assert (month.start, month.end) == (datetime.fromisoformat(starts), datetime.fromisoformat(ends))


def test_the_last_hour_tells_when_a_limit_ends(key: Key) -> None:
    run(key, NOON - 3 * HOUR, 50_000)
    run(key, NOON - HOUR / 2, 25_000)
    assert quota_of(key).today.exhausted_at == NOON + HOUR


def test_the_page_says_who_counted_and_over_which_time(cast: Cast, key: Key) -> None:
    run(key, NOON - HOUR, 700)
    run(key, NOON - 3 * DAY, 300, is_reported=False)
    html = page(cast.client("vera"))
    assert "Its server tells no usage: these are the runs of raxdash alone" in html
    assert "Tokens today, run by raxdash" in html
    assert "<strong>0.7 %</strong> used, at most 99,300 left" in html
    assert "Tokens this month, run by raxdash" in html
    assert ">1 – 30 Nov</span>" in html
    assert ">2 requests<" in html
    assert "≈ 1 of the requests told no count of tokens" in html
    assert "asking for the first numbers" not in html


def test_a_server_that_told_something_today_is_not_metered_by_us(key: Key) -> None:
    meter = Meter.objects.get(key=key)
    poll(meter, NOON - HOUR, {"rax": (5_000, 50)}, NOVEMBER[0], NOVEMBER[1])
    run(key, NOON - MINUTE, 700)
    quota = quota_of(key)
    assert not quota.is_local
    assert quota.own_since == 700


def test_many_such_keys_cost_one_query_more(cast: Cast, key: Key, django_assert_max_num_queries) -> None:
    for number in range(15):
        other = make_key(cast.team, cast.alice, f"key {number}")
        make_meter(other, NOON, status=Meter.Status.NO_USAGE)
        run(other, NOON - HOUR, number + 1)
    with django_assert_max_num_queries(9):
        found = quota_list(cast.team, {}, NOON).keys
    assert sorted(quota.today.used.certain for quota in found) == list(range(16))


def test_its_days_and_its_curve_are_of_what_raxdash_ran(cast: Cast, key: Key) -> None:
    """Twice 60,000 tokens on each of two days: at its limit since the second of these."""
    for days, hour in ((3, 9), (3, 15), (1, 8), (1, 20), (0, 9), (0, 11)):
        run(key, NOON.replace(hour=hour) - days * DAY, 60_000 if days else 7_000)
    found = detail(cast.team, key, NOON)
    amounts = [day.used for day in found.row.strip.days]
    assert amounts == [known({29: 14_000, 28: 120_000, 26: 120_000}.get(place, 0)) for place in range(30)]
    assert [str(each.since)[11:16] for each in found.fits[0].at_limit] == ["15:10", "20:10"]
    assert found.curve
    assert found.curve.used[-1] == (NOON, 14_000)
    assert dict(found.curve.used)[NOON.replace(hour=9)] == 0
    assert dict(found.curve.used)[NOON.replace(hour=9) + 15 * MINUTE] == 7_000
    html = page(cast.client("vera"), f"{key.pk}/")
    assert "2 of the last 30 days" in html
    assert "Only what raxdash itself ran is known: others may have used more." in html


def test_days_that_its_server_told_once_stay(cast: Cast, key: Key) -> None:
    meter = Meter.objects.get(key=key)
    for hours in range(0, 49, 2):
        poll(meter, NOON - 5 * DAY + hours * HOUR, {"rax": (hours * 10, hours)}, *NOVEMBER)
    Meter.objects.filter(pk=meter.pk).update(status=Meter.Status.NO_USAGE)
    run(key, NOON - 4 * DAY, 60_000)
    run(key, NOON - 2 * DAY, 5_000)
    amounts = [day.used for day in detail(cast.team, key, NOON).row.strip.days]
    assert amounts[25] == known(240)
    assert amounts[27] == known(5_000)
