"""Rate-limit headers in every format."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax._limits import Limits, parse_count, parse_limits, parse_reset, parse_retry_after

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    "value",
    [
        "60",
        "60.0",
        "60s",
        "1m0s",
        "0h1m",
        "60000ms",
        str(int((NOON + MINUTE).timestamp())),
        str(int((NOON + MINUTE).timestamp() * 1000)),
        "2024-01-01T12:01:00Z",
        "2024-01-01T12:01:00",
        "2024-01-01T13:01:00+01:00",
        "Mon, 01 Jan 2024 12:01:00 GMT",
    ],
)
def test_it_reads_a_reset_a_minute_from_now(value):
    assert parse_reset(value, NOON) == NOON + MINUTE


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-5",
        "1e9",
        "nan",
        "6x",
        "1m 2",
        "1m 2s",
        "1..2",
        "99999999",
        "9" * 300,
        "5m-",
        "9999-01-01T00:00:00Z",
    ],
)
def test_it_takes_no_reset_from_nonsense(value):
    assert parse_reset(value, NOON) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Mon, 01 Jan 2024 12:00:09 GMT"}, 9.0),
        ({"retry-after": "Mon, 01 Jan 2024 11:00:00 GMT"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "6m0s"}, 360.0),
        ({"retry-after": "7, 30, 9"}, 30.0),
        ({"retry-after": "7s, 1m"}, 60.0),
        ({"retry-after": "soon, 7"}, 7.0),
        ({"retry-after": "7; comment=busy"}, 7.0),
        ({"retry-after": "whenever"}, None),
        ({"retry-after": "whenever, later"}, None),
        ({}, None),
    ],
)
def test_it_reads_retry_after(headers, seconds):
    assert parse_retry_after(headers, NOON) == seconds


def test_it_reads_the_documented_headers():
    found = parse_limits({"x-ratelimit-remaining": "59", "x-ratelimit-reset": "60"}, NOON)
    assert found == Limits(NOON, requests_remaining=59, requests_reset_at=NOON + MINUTE)
    assert found.is_known()


def test_it_reads_requests_and_tokens_apart():
    headers = {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-tokens": "99000",
        "x-ratelimit-reset-tokens": "1m0s",
    }
    found = parse_limits(headers, NOON)
    assert (found.requests_limit, found.tokens_remaining, found.tokens_reset_at) == (60, 99000, NOON + MINUTE)


@pytest.mark.parametrize(
    "name",
    [
        "ratelimit-remaining",
        "llm_provider-x-ratelimit-remaining-requests",
        "anthropic-ratelimit-requests-remaining",
    ],
)
def test_it_reads_prefixed_names(name):
    assert parse_limits({name: "5"}, NOON).requests_remaining == 5


def test_it_believes_the_provider_before_a_gateway():
    headers = {"llm_provider-x-ratelimit-remaining": "5", "x-ratelimit-remaining": "6"}
    assert parse_limits(headers, NOON).requests_remaining == 6


def test_it_leaves_other_scopes_alone():
    assert not parse_limits({"x-ratelimit-remaining-requests-day": "5", "x-ratelimit": "1"}, NOON).is_known()


@pytest.mark.parametrize(
    ("value", "count"), [("60, 60;w=60", 60), ("60;w=1", 60), ("-1", None), ("1.5", None), ("²", None)]
)
def test_it_reads_counts(value, count):
    assert parse_count(value) == count


@given(st.text(), st.text())
def test_it_survives_any_text(name, value):
    parse_limits({f"x-ratelimit-{field}": value for field in ("limit", "remaining", "reset")}, NOON)
    parse_limits({f"{name}ratelimit-reset": value, "retry-after": value, "retry-after-ms": value}, NOON)
