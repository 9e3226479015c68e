"""Answers to /usage as broken, careless and hostile servers give them, for hypothesis."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.usage.polls.telling import this_month

NOW = datetime.now(UTC)


class Spelled(str):
    """What stands in the JSON text as it is: no JSON writer writes all that servers do."""

    __slots__ = ()


LARGE = ("1152921504606846976", "9223372036854775807", "9223372036854775808", "1e300", "1e999", "9" * 400)
NO_NUMBERS = ("true", "null", '"1500"', "[]", "{}", "NaN", "-Infinity")
SPELLED = st.sampled_from(("0", "7", "1500.0", "1500.5", "-1", *LARGE, *NO_NUMBERS)).map(Spelled)
NUMBERS: st.SearchStrategy[object] = SPELLED | st.integers(0, 10_000)
DATES = st.sampled_from(
    [
        *("9999-12-31T23:59:59Z", "9998-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        *("1969-12-31T23:59:59Z", "2100-01-01", "2026-02-30", "", "soon", 0, -1, 1e300, 253402300799, True),
        *(None, [], {}, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-01T00:00"),
        (NOW + timedelta(hours=23)).isoformat(),
        (NOW + timedelta(hours=25)).isoformat(),
        (NOW - timedelta(days=900)).isoformat(),
        f"{NOW:%Y-%m-%d}",
    ]
)
NO_NAMES = (
    "",
    " ",
    "\n",
    "a\x00b",
    "\ud800",
    "\ud801",
    "\u200b",
    "(unattributed)",
    "(other models)",
    "(run by raxdash) rax",
)
LONG = ("x" * 199, "x" * 200, "x" * 300, "x" * 299 + "y")
NAMES = st.sampled_from((*NO_NAMES, *LONG, "rax-4.0", "rax,4.5", "\u202e4", "measured", "coverage", "ünï 🦀"))
COUNTS = st.fixed_dictionaries({}, optional={"tokens": NUMBERS, "requests": NUMBERS})
BREAKDOWNS = (
    st.dictionaries(NAMES, COUNTS | NUMBERS, max_size=6)
    | st.sampled_from([[], [{"model": "rax", "tokens": 1}], "rax", None, {"models": {"rax": {"tokens": 1}}}])
    | st.integers(900, 3_000).map(lambda count: {f"m{number}": {"tokens": number} for number in range(count)})
)
DAYS = st.lists(st.fixed_dictionaries({}, optional={"date": DATES, "tokens": NUMBERS}), max_size=2)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "total_tokens": NUMBERS,
        "total_requests": NUMBERS,
        "period_start": DATES,
        "period_end": DATES,
        "period": st.fixed_dictionaries({}, optional={"start": DATES, "end": DATES}),
        "breakdown": BREAKDOWNS,
        "daily_breakdown": DAYS | NUMBERS,
        "total_cost": NUMBERS | st.sampled_from(["12.5", "a", Spelled("1e-7")]),
        "currency": st.sampled_from(["USD", "eur", "€", "", 7, "x" * 30, "U\x00D", "\ud800"]),
        "detail": st.sampled_from(["", None, "something"]),
    },
)


def spelled(value: object) -> str:
    """A value as JSON."""
    if isinstance(value, Spelled):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {spelled(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(spelled, value)) + "]"
    return json.dumps(value)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """A usual answer with some fields missing, and some of another shape."""
    missing = draw(st.sets(st.sampled_from([*this_month()]), max_size=2))
    usual = {name: told for name, told in this_month().items() if name not in missing}
    return spelled(usual | draw(FIELDS)).encode()


BODIES = answers() | st.sampled_from(
    [
        *(
            b"",
            b"[]",
            b"null",
            b"0",
            b"<html>",
            b'{"error": 1}',
            b"[" * 50,
            b"\xff\xfe{",
            b'{"total_tokens": 1',
        ),
        b'{"total_tokens": 1, "total_tokens": 2, "total_requests": 1, "period_start": "2026-11-01"}',
    ]
)
