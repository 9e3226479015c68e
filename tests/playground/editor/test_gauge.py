"""Beside the next message stands what its key has left of its nearest limit."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from teams.models import Key, Plan
from tests.cast import Cast, make_key
from tests.usage.polled import make_meter, poll_regularly, run
from usage.models import Meter

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
GAUGE = "/t/acme/playground/gauge/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def key(cast: Cast) -> Key:
    """A free key that used 60,000 tokens today, and 160,000 in November."""
    Key.objects.filter(pk=cast.key.pk).update(plan=Plan.FREE)
    meter = make_meter(cast.key, NOON)
    for hour in range(-30, 13):
        tokens = 100_000 + max(hour, 0) * 5_000
        at = NOON + (hour - 12) * HOUR - timedelta(seconds=0.5)
        poll_regularly(meter, at, {"rax": (tokens, 1)}, *NOVEMBER)
    return cast.key


def gauge(cast: Cast, query: str = "", person: str = "bob") -> str:
    answer = cast.client(person).get(GAUGE + query)
    assert answer.status_code == 200
    words = re.sub(r"<[^>]*>", " ", unescape(answer.content.decode()))
    return " ".join(words.split())


def test_it_says_what_is_left_today(cast: Cast, key: Key) -> None:
    assert gauge(cast, f"?key={key.pk}") == "40,000 of 100,000 tokens left today"


def test_what_raxdash_spent_since_the_last_poll_is_taken_off(cast: Cast, key: Key) -> None:
    run(key, NOON + timedelta(seconds=1), 700)
    assert gauge(cast) == "at most 39,300 of 100,000 tokens left today"


def test_of_two_limits_that_is_told_of_which_less_is_left(cast: Cast, key: Key) -> None:
    Key.objects.filter(pk=key.pk).update(plan=Plan.OWN, tokens_per_day=100_000, tokens_per_period=170_000)
    assert gauge(cast, f"?b-key={key.pk}") == "10,000 of 170,000 tokens left this period"
    Key.objects.update(tokens_per_day=1_000, tokens_per_period=2_000)
    assert gauge(cast) == "0 of 2,000 tokens left this period"


def test_without_a_limit_nothing_is_said(cast: Cast, key: Key) -> None:
    Key.objects.filter(pk=key.pk).update(plan=Plan.PRO)
    assert gauge(cast) == ""


def test_what_is_not_known_is_not_a_number(cast: Cast) -> None:
    Key.objects.filter(pk=cast.key.pk).update(plan=Plan.FREE)
    assert gauge(cast) == "How much of 100,000 tokens today is left is not known."
    assert "data-left" not in cast.client("bob").get(GAUGE).text


def test_a_lower_bound_leaves_at_most_so_much(cast: Cast, key: Key) -> None:
    Meter.objects.update(missed_polls=1)
    assert gauge(cast).startswith("at most 40,000 of")


def test_another_teams_key_is_none_of_ours(cast: Cast, key: Key) -> None:
    theirs = make_key(cast.other_team, cast.charlie, "Theirs")
    assert gauge(cast, f"?key={theirs.pk}") == ""


def test_nothing_is_said_of_a_key_that_one_may_not_spend_on(cast: Cast, key: Key) -> None:
    Key.objects.update(only_spenders=True)
    assert gauge(cast, f"?key={key.pk}") == ""


def test_the_page_asks_for_it(cast: Cast, key: Key) -> None:
    page = cast.client("bob").get("/t/acme/playground/").text
    assert f'hx-get="{GAUGE}"' in page
    assert f'hx-get="{GAUGE}"' not in cast.client("vera").get("/t/acme/playground/").text
