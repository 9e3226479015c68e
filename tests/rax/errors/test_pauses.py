"""When an error asks to come back, where no header for that says it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rax import Limits
from rax._errors.pauses import pause_seconds

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
TWELVE_HOURS = 43_200.0

WORDS = {
    "Please try again in 20s.": 20,
    "Please try again in 7.66s. Visit https://example.com": 7.66,
    "Limit 10000 per 60s. Please try again in 1m26.5s.": 86.5,
    "Try again in 120ms": 0.12,
    "Retry after 2 hours and 5 minutes, please": 7_500,
    "Please wait 30 seconds before retrying": 30,
    "Quota resets at 2026-11-27T00:00:00Z": TWELVE_HOURS,
    "Quota resets at 2026-11-27 01:00:00+01:00": TWELVE_HOURS,
    "Try again on 2026-11-27": TWELVE_HOURS,
    "Next reset: 2026/11/27": TWELVE_HOURS,
    "You can try again after Nov. 27, 2026": TWELVE_HOURS,
    "Blocked until November 27th, 2026 at 00:00 UTC": TWELVE_HOURS,
    "Try again at 27 Nov 2026 12:00 AM (GMT)": TWELVE_HOURS,
    "Available again Fri, 27 Nov 2026 00:00:00 GMT": TWELVE_HOURS,
    "The limit resets at midnight UTC.": TWELVE_HOURS,
    "The limit resets at 00:00 UTC": TWELVE_HOURS,
    f"It resets at {int(NOON.timestamp()) + 60}": 60,
    f"It resets at {(int(NOON.timestamp()) + 60) * 1000}": 60,
    "Resets daily. Try again in 5 minutes": 300,
    "Try again on 27.11.2026": TWELVE_HOURS,
    "Try again on Nov 27": TWELVE_HOURS,
    "Try again at 27th November, 00:00 UTC": TWELVE_HOURS,
    "Retry after: 30": 30,
    "Too many requests. Next request allowed in 20 s": 20,
    f"Usage limit reached|{int(NOON.timestamp()) + 60}": 60,
    "Tried again 2024-01-01? Wait 20s": 20,
    # What repeats what was asked.
    "Rate limit reached for model wait 30 days. Please try again in 20s": 20,
    "Please try again in 20s. You asked for: try again in 30 days": 20,
    "Rate limit reached for model `again in 20 days`, resets in 30s": 30,
    '"Too many requests: try again in 20s"': 20,
    "No room for 'wait 3 h'": None,
    'You asked: "try again in 20 hours"': None,
    "You're limited. Don't try again before 2026-11-27": TWELVE_HOURS,
    # What names no time, or none that can be meant.
    "Try again in 32 days": None,
    "Try again in 364 days, or in 5 minutes": None,
    "Try again in 999999999 days": None,
    "Wait 999999999 days 999999999 days 999999999 h": None,
    "Try again on 2027-06-01": None,
    "It resets at 1811937600": None,
    "Limit of 10 requests in 60 seconds reached": None,
    "Your key was made for plans until 2024-01-01": None,
    "Try again on 2026-13-45": None,
    "Try again on 9999-12-31": None,
    "Try again on 2026-11-27 at 25:00": None,
    "Try again in a moment": None,
    "Timed out after 60 seconds": None,
    "Your trial expired after 7 days": None,
    "You have made 12 requests again": None,
    "": None,
}


def pause(words: str = "", value: object = None, headers=None, **limits: Any):
    return pause_seconds(value, words, headers or {}, Limits(NOON, **limits))


@pytest.mark.parametrize("words", WORDS)
def test_it_is_read_from_words(words: str) -> None:
    assert pause(words) == WORDS[words]


LATER = int(NOON.timestamp()) + 90


@pytest.mark.parametrize(
    "value",
    [
        {"error": {"retry_after": 90}},
        {"retryAfter": "90"},
        {"retry_after_ms": 90_000},
        {"error": {"details": [{"@type": "RetryInfo", "retryDelay": "90s"}]}},
        [{"error": {"resets_at": LATER}}],
        {"error": {"metadata": {"headers": {"X-RateLimit-Reset": f"{LATER}000"}}}},
        {"reset_time": "2026-11-26T12:01:30Z"},
    ],
)
def test_it_is_read_from_fields(value: object) -> None:
    assert pause(value=value) == 90


@pytest.mark.parametrize("told", [True, -5, "soon", None, 1e30, [], float("inf")])
def test_a_field_that_names_no_time_is_passed_over(told: object) -> None:
    assert pause(value={"retry_after": told}) is None


def test_it_is_read_from_the_reset_of_what_is_used_up() -> None:
    in_a_minute, in_an_hour = NOON + timedelta(minutes=1), NOON + timedelta(hours=1)
    used_up: dict[str, Any] = {
        "requests_remaining": 3,
        "requests_reset_at": in_a_minute,
        "tokens_remaining": 0,
    }
    assert pause(**used_up, tokens_reset_at=in_an_hour) == 3_600
    assert pause(requests_reset_at=in_a_minute) == 60
    assert pause(requests_remaining=3, requests_reset_at=in_a_minute) is None
    assert pause(headers={"x-ms-retry-after-ms": "1500"}) == 1.5
    assert pause(headers={"ratelimit": '"minute";r=0;t=30'}) == 30
    assert pause(headers={"ratelimit": "limit=10, remaining=0, reset=30"}) == 30


def test_words_and_fields_say_more_than_a_reset() -> None:
    in_a_minute = NOON + timedelta(minutes=1)
    assert pause("Try again in 20s", requests_remaining=0, requests_reset_at=in_a_minute) == 20
