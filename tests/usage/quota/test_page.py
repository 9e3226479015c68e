import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from teams.models import Key, Plan
from tests.cast import Cast, make_key
from tests.directions import without_directions
from tests.usage.polled import make_meter, poll
from usage.models import Meter, RateSample
from usage.quota import limiter

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PERIOD = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE, HALF_SECOND = timedelta(minutes=1), timedelta(seconds=0.5)
QUOTA = "/t/acme/quota/"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon for the page and for the words it uses for times."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    """A free key that used 60,000 tokens since midnight, the last 12,000 of them within an hour."""
    cast.key.plan = Plan.FREE
    cast.key.save()
    meter = make_meter(cast.key, NOON)
    for minutes, tokens in ((719, 5_000), (60, 53_000), (0, 65_000)):
        poll(
            meter, NOON - (minutes + 1) * MINUTE - HALF_SECOND, {"rax-4.0": (tokens, tokens // 100)}, *PERIOD
        )
    return meter


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.client("alice")


def page(client: Client, **headers: str) -> str:
    response = client.get(QUOTA, headers=headers)
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def sample(key: Key, age: timedelta, remaining: int = 42) -> None:
    RateSample.objects.create(
        key=key,
        received_at=NOON - age,
        source="run",
        requests_limit=60,
        requests_remaining=remaining,
        requests_reset_at=NOON - age + MINUTE,
    )


def test_it_shows_the_day_against_the_plan(meter: Meter, alice: Client) -> None:
    html = page(alice)
    assert "60,000</span> <span" in html
    assert "of 100,000" in html
    assert "<strong>60 %</strong> used, 40,000 left" in html
    assert "Resets <time" in html


def test_it_says_when_the_day_ends_at_this_rate(meter: Meter, alice: Client) -> None:
    html = page(alice)
    ends = html.partition("At this rate it ends at <strong>")[2].partition("</time>")[0].rpartition(">")[2]
    assert "15:00" <= ends <= "15:30"
    assert "1.20 times the pace that just lasts" in html


def test_what_is_used_up_is_said(meter: Meter, alice: Client) -> None:
    poll(meter, NOON - MINUTE / 2, {"rax-4.0": (105_000, 1_050)}, *PERIOD)
    html = page(alice)
    assert "Used up" in html
    assert "meter-bad" in html


def test_no_limit_is_said_as_such(cast: Cast, meter: Meter, alice: Client) -> None:
    cast.key.plan = Plan.PRO
    cast.key.save()
    html = page(alice)
    assert "No limit" in html
    assert 'role="img"' not in html


def test_the_period_is_shown_against_its_limit(cast: Cast, meter: Meter, alice: Client) -> None:
    cast.key.plan, cast.key.tokens_per_period = Plan.OWN, 130_000
    cast.key.save()
    assert "<strong>50 %</strong> used, 65,000 left" in page(alice)


def test_live_headroom_has_an_age(cast: Cast, meter: Meter, alice: Client) -> None:
    sample(cast.key, timedelta(seconds=20))
    html = page(alice)
    assert "42 left" in html
    assert "as the provider said 20 s ago" in html


def test_past_its_window_our_own_requests_are_told(cast: Cast, meter: Meter, alice: Client) -> None:
    sample(cast.key, timedelta(minutes=5))
    limiter.acquire_for_polls({cast.key.pk: 7}, NOON)
    html = page(alice)
    assert "as the provider said" not in html
    assert re.search(r">7 <span[^>]*>of 60</span></div>\s*<div>sent by raxdash in the last minute", html)
    assert "the provider said 42 were left" in html


def test_a_key_without_numbers_says_so(cast: Cast, alice: Client) -> None:
    text = page(alice)
    assert "asking for the first numbers" in text
    assert "Thirty days: nothing is known</span>" in text


def test_keys_that_cannot_be_seen_are_named(cast: Cast, meter: Meter, alice: Client) -> None:
    Meter.objects.update(missed_polls=3, last_error="no answer")
    assert "We cannot see its usage (no answer)" in without_directions(page(alice))


def test_a_fall_that_is_waited_for_is_told(cast: Cast, meter: Meter, alice: Client) -> None:
    assert "The counter fell" not in page(alice)
    Meter.objects.update(fallen_tokens=1_234)
    assert "The counter fell by 1,234 tokens; waiting whether it stays." in page(alice)


def test_without_a_key_it_leads_to_adding_one(cast: Cast, alice: Client) -> None:
    cast.key.delete()
    assert "/t/acme/keys/add/" in page(alice)
    assert "/t/acme/keys/add/" not in page(cast.client("vera"))


def test_it_refreshes_itself_as_a_fragment(meter: Meter, alice: Client) -> None:
    html = page(alice, **PART)
    assert html.startswith('<section class="stack" id="quota"')
    assert 'hx-trigger="every 30s"' in html


def test_its_clock_is_the_teams_and_goes_on_with_the_page(cast: Cast, meter: Meter, alice: Client) -> None:
    cast.team.time_zone = "Asia/Kathmandu"
    cast.team.save()
    for html in (page(alice), page(alice, **PART)):
        assert "Monday, 17:45</time> Asia/Kathmandu" in html


def test_it_takes_few_queries_with_many_keys(
    cast: Cast, meter: Meter, alice: Client, django_assert_max_num_queries
) -> None:
    for number in range(10):
        make_meter(make_key(cast.team, cast.alice, f"key {number}"), NOON)
    page(alice)
    with django_assert_max_num_queries(13):
        page(alice)


def test_outsiders_see_nothing(cast: Cast, meter: Meter) -> None:
    assert cast.client("charlie").get(QUOTA).status_code == 404
    assert "Main key" not in cast.client("charlie").get("/t/others/quota/").content.decode()


def test_viewers_may_look(cast: Cast, meter: Meter) -> None:
    assert "60,000" in page(cast.client("vera"))


def test_it_is_only_read(cast: Cast, alice: Client) -> None:
    assert alice.post(QUOTA).status_code == 405


def test_what_a_clock_that_was_ahead_wrote_is_neither_current_nor_to_come(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    sample(cast.key, timedelta(hours=-1))
    Meter.objects.update(watched_until=NOON + timedelta(minutes=58))
    html = page(alice)
    assert "42 left" not in html
    assert re.search(r"as of <time[^>]*>12:00</time> \(<time[^>]*>just now</time>\)", html)
    assert "in 58 min" not in html
