"""What the quota page says where numbers are known in part, or not at all."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from teams.models import Key, Plan
from tests.cast import Cast
from tests.usage.polled import make_meter, poll_regularly
from usage.models import Meter

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HALF_SECOND = timedelta(seconds=0.5)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon for the page and for the words it uses for times."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    Key.objects.filter(pk=cast.key.pk).update(plan=Plan.FREE)
    return make_meter(cast.key, NOON)


@pytest.fixture
def vera(cast: Cast) -> Client:
    return cast.client("vera")


def tell(meter: Meter, before_noon: timedelta, tokens: int, period: tuple[datetime, datetime]) -> None:
    poll_regularly(meter, NOON - before_noon - HALF_SECOND, {"rax": (tokens, tokens // 100)}, *period)


def words(client: Client) -> str:
    """The text of the page without its tags."""
    html = client.get("/t/acme/quota/").content.decode().partition('id="quota"')[2]
    text = "".join(part.rpartition(">")[2] for part in html.split("<"))
    return " ".join(unescape(text).split())


def test_the_first_minutes_say_since_when_and_at_the_latest(meter: Meter, vera: Client) -> None:
    for minutes, tokens in ((17, 0), (10, 40_000), (0, 70_008)):
        tell(meter, minutes * MINUTE, tokens, NOVEMBER)
    text = words(vera)
    assert "At least 70,008 tokens an hour, known since 11:43" in text
    assert "At this rate it ends at the latest at 12:25" in text
    assert "at least 70,008 of 100,000" not in text  # nothing was used before


def test_what_may_be_of_today_is_said_beside_what_is(meter: Meter, vera: Client) -> None:
    tell(meter, 20 * MINUTE, 1_483, NOVEMBER)
    tell(meter, 0 * MINUTE, 1_500, NOVEMBER)
    text = words(vera)
    assert "Tokens today at least 17 of 100,000 < 0.1 % used, at most 99,983 left" in text
    assert "17 since raxdash watches (11:40); up to 1,483 more may be of today" in text
    assert "Tokens this period 1,500" in text


def test_of_an_outage_across_midnight_it_says_how_much_may_be_of_today(meter: Meter, vera: Client) -> None:
    for hours, tokens in ((15, 4_000), (14, 5_000), (0.1, 6_600), (0, 6_700)):
        tell(meter, hours * HOUR, tokens, NOVEMBER)
    text = words(vera)
    assert "Tokens today at least 100 of 100,000" in text
    assert "100 since raxdash watches again (11:54); up to 1,600 more may be of today" in text


def test_missed_polls_are_said_with_their_hour(meter: Meter, vera: Client) -> None:
    tell(meter, 13 * HOUR, 1_000, NOVEMBER)
    tell(meter, 25 * MINUTE, 1_700, NOVEMBER)
    Meter.objects.update(last_error="the provider answered 503")
    text = words(vera)
    assert "Not seen since 11:35 (the provider answered 503): what was used later is not counted." in text
    assert "Tokens this period at least 1,700" in text


def test_a_day_that_nobody_saw_is_a_dash(meter: Meter, vera: Client) -> None:
    tell(meter, 14 * HOUR, 1_000, NOVEMBER)
    tell(meter, 13 * HOUR, 1_700, NOVEMBER)
    text = words(vera)
    assert "Tokens today – of 100,000 Not seen since 25 Nov, 23:00 Resets" in text
    assert "0 requests" not in text


def test_an_answer_that_cannot_be_used_is_said_at_once(meter: Meter, vera: Client) -> None:
    Meter.objects.update(last_error="The answer names no billing period.")
    text = words(vera)
    assert "We cannot see its usage (The answer names no billing period)." in text
    assert "Tokens today – of 100,000 Not known: no answer could be used" in text
    assert "asking for the first numbers" not in text


def test_a_period_that_is_over_is_said_to_be(meter: Meter, vera: Client) -> None:
    tell(meter, 0 * MINUTE, 1_500, OCTOBER)
    text = words(vera)
    assert "Its period ended 1 Nov, 00:00; the provider has told no newer one." in text
    assert "Tokens this period – Not known: no newer period is told 1 – 31 Oct: 1,500 tokens" in text


def test_periods_are_each_keys_own(meter: Meter, vera: Client) -> None:
    fifth = datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)
    tell(meter, 0 * MINUTE, 1_500, fifth)
    assert "5 Nov – 4 Dec" in words(vera)


def test_the_first_answer_says_since_when_and_how_much_may_be_of_today(meter: Meter, vera: Client) -> None:
    tell(meter, 0 * MINUTE, 1_500, NOVEMBER)
    text = words(vera)
    assert "Not known yet raxdash watches since 12:00; up to 1,500 of before may be of today" in text
    assert "Not seen since" not in text


def test_one_token_an_hour_is_one(meter: Meter, vera: Client) -> None:
    for minutes, tokens in ((15, 1_500), (10, 1_500), (0, 1_501)):
        tell(meter, minutes * MINUTE, tokens, NOVEMBER)
    assert "At least 1 token an hour, known since 11:45" in words(vera)


def test_a_period_without_an_end_in_sight_ends_in_years(meter: Meter, vera: Client) -> None:
    ages = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    tell(meter, 0 * MINUTE, 1_500, ages)
    assert "(in 73 years)" in words(vera)
