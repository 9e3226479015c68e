"""Whatever a usage answer says, what can be read of it is read, and what cannot is named."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax import AnswerError, Kind, ModelUsage, RawAnswer, Unreadable
from rax import _client as client_module
from rax._json import Unread, read_exactly, read_tolerantly
from rax._usage import read_usage
from rax._values import read_name
from tests.rax.wire import MODELS, USAGE, answer, fails

GOOD = {"tokens": 50_000, "requests": 500}
# A body is written by hand where no JSON writer would write it so.
MARK = '"PUT HERE"'


def spelled(text: str, **more) -> bytes:
    """A usage answer in which `PUT HERE` is this text."""
    return json.dumps({**USAGE, **more}).replace(MARK, text).encode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('"1500"', "text, not a number"),
        ("1500.5", "not a whole number"),
        ("true", "not a number"),
        ("[1500]", "not a number"),
        ("{}", "not a number"),
        ("-1", "below zero"),
        ("-0.5", "below zero"),
        ("1e300", "too large"),
        ("1e999", "too large"),
        ("9223372036854775808", "too large"),
        ("9007199254740993.0", "too large"),
        ("12345678901234567e0", "too large"),
        ("9" * 5000, "too large"),
        ("NaN", "not a number"),
        ("-Infinity", "not a number"),
    ],
)
async def test_a_count_that_cannot_be_read_leaves_the_others(server, client, text, reason):
    broken = {"tokens": "PUT HERE", "requests": 7}
    server.answers = [answer(spelled(text, breakdown={"rax-4.0": broken, "rax-4.5": GOOD}))]
    usage = await client.usage()
    assert usage.breakdown == {"rax-4.0": ModelUsage(None, 7), "rax-4.5": ModelUsage(50_000, 500)}
    assert usage.unreadable == (Unreadable("tokens", "rax-4.0", reason),)
    assert (usage.total_tokens, usage.total_requests) == (150_000, 1_500)


@pytest.mark.parametrize("text", ["1500", "1500.0", "1.5e3", "15e2"])
async def test_a_whole_number_is_one_however_it_is_spelled(server, client, text):
    server.answers = [answer(spelled(text, total_tokens="PUT HERE"))]
    usage = await client.usage()
    assert (usage.total_tokens, usage.unreadable) == (1_500, ())


@pytest.mark.parametrize(
    ("name", "shown", "reason"),
    [
        ("", "", "empty"),
        (" \t", " \N{REPLACEMENT CHARACTER}", "empty"),
        ("a\x00b", "a\N{REPLACEMENT CHARACTER}b", "characters that cannot be shown"),
        ("a\x9b31m", "a\N{REPLACEMENT CHARACTER}31m", "characters that cannot be shown"),
        ("a\ud800", "a\N{REPLACEMENT CHARACTER}", "characters that cannot be shown"),
        ("\u200b", "\N{REPLACEMENT CHARACTER}", "characters that cannot be shown"),
    ],
)
async def test_a_model_whose_name_cannot_be_read_is_named_as_well_as_it_goes(
    server, client, name, shown, reason
):
    server.answers = [answer({**USAGE, "breakdown": {name: GOOD, "rax-4.5": GOOD}})]
    usage = await client.usage()
    assert usage.breakdown == {"rax-4.5": ModelUsage(50_000, 500)}
    assert usage.unreadable == (Unreadable("name", shown, reason),)


def test_a_long_name_is_cut_and_stays_itself():
    first, second = read_name("x" * 300), read_name("x" * 299 + "y")
    assert len(first) == len(second) == 200
    assert first.startswith("x" * 183 + "…")
    assert first != second
    assert read_name("x" * 200) == "x" * 200


@pytest.mark.parametrize("name", ["a,b", "a\u202eb", "für", "模型", " rax", "👩‍💻"])
def test_a_name_that_can_be_stored_stays_as_it_is(name):
    assert read_name(name) == name


@pytest.mark.parametrize(
    ("breakdown", "unreadable"),
    [
        (None, ()),
        ({}, ()),
        ({"rax": {}}, ()),
        ([{"model": "rax", **GOOD}], [("breakdown", None, "not an object")]),
        ("rax", [("breakdown", None, "not an object")]),
        ({"rax": 7}, [("breakdown", "rax", "not an object")]),
        ({"models": {"rax": GOOD}}, [("breakdown", "models", "neither tokens nor requests")]),
        ({"x" * 90: 7}, [("breakdown", "x" * 59 + "…", "not an object")]),
    ],
)
async def test_a_breakdown_of_another_shape_leaves_the_totals(server, client, breakdown, unreadable):
    server.answers = [answer({**USAGE, "breakdown": breakdown})]
    usage = await client.usage()
    assert (usage.total_tokens, usage.breakdown) == (150_000, {})
    assert usage.unreadable == tuple(Unreadable(*part) for part in unreadable)


async def test_a_count_that_is_not_told_is_not_zero(server, client):
    server.answers = [answer({**USAGE, "breakdown": {"rax": {"requests": 3}}})]
    usage = await client.usage()
    assert (usage.breakdown, usage.unreadable) == ({"rax": ModelUsage(None, 3)}, ())


@pytest.mark.parametrize(
    ("told", "reason"),
    [({}, "missing"), ({"total_requests": None}, "missing"), ({"total_requests": "3"}, None)],
)
async def test_a_total_that_cannot_be_read_leaves_the_other(server, client, told, reason):
    told = {"total_tokens": 5, "period_start": "2024-01-01", **told}
    server.answers = [answer(told)]
    usage = await client.usage()
    assert (usage.total_tokens, usage.total_requests) == (5, None)
    assert usage.unreadable == (Unreadable("total_requests", None, reason or "text, not a number"),)


@pytest.mark.parametrize("edge", ["start", "end"])
@pytest.mark.parametrize("told", ["soon", "2024-02-30", True, [], {}, "0001-01-01T00:00:00+14:00", 1e17])
async def test_a_date_that_cannot_be_read_leaves_the_numbers(server, client, edge, told):
    server.answers = [answer({**USAGE, f"period_{edge}": told})]
    usage = await client.usage()
    assert getattr(usage, f"period_{edge}") is None
    assert usage.unreadable == (Unreadable(f"period_{edge}", None, "not a time"),)
    assert usage.total_tokens == 150_000


async def test_the_period_of_the_other_dialect_stands_in_for_an_empty_one(server, client):
    told = {**USAGE, "period_start": None, "period": {"start": "2024-01-01"}}
    server.answers = [answer(told)]
    usage = await client.usage()
    assert usage.period_start.isoformat() == "2024-01-01T00:00:00+00:00"


async def test_what_is_told_twice_cannot_be_read(server, client):
    model = '{"tokens": 1, "requests": 1}'
    text = f'{{"rax": {model}, "rax": {model}, "other": {model}}}'
    server.answers = [answer(spelled(text, breakdown="PUT HERE"))]
    usage = await client.usage()
    assert usage.breakdown == {"other": ModelUsage(1, 1)}
    assert usage.unreadable == (Unreadable("breakdown", "rax", "not an object"),)


async def test_days_that_cannot_be_read_leave_the_others(server, client):
    days = [
        {"tokens": 1},
        {"date": "2024-01-02", "tokens": "1"},
        {"date": "2024-01-03", "tokens": 1},
    ]
    server.answers = [answer({**USAGE, "daily_breakdown": days})]
    usage = await client.usage()
    assert [day.tokens for day in usage.daily] == [1]
    assert usage.unreadable == (
        Unreadable("daily_breakdown", None, "a day without a date"),
        Unreadable("daily_breakdown.tokens", "2024-01-02", "text, not a number"),
    )


async def test_a_hundred_thousand_models_are_read(server, client):
    many = {f"m{number}": {"tokens": number, "requests": 1} for number in range(100_000)}
    server.answers = [answer({**USAGE, "breakdown": many})]
    assert len((await client.usage()).breakdown) == 100_000


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ([{"id": f"m{number}"} for number in range(5_001)], "The answer lists more than 5,000 models."),
        ([{"id": 7}, {"title": "a"}, None], "The answer lists no model that can be named."),
        ({"rax-4.0": {}}, "The answer is not a list of models."),
    ],
    ids=["many", "unnamed", "no list"],
)
async def test_a_list_of_which_nothing_can_be_read_is_no_empty_catalogue(server, client, listed, words):
    server.answers = [answer({"data": listed})]
    error = await fails(client.models())
    assert (error.kind, str(error)) == (Kind.UNEXPECTED_SHAPE, words)


async def test_models_may_be_listed_by_their_names_alone(server, client):
    server.answers = [answer(["rax-4.0", "rax-4.5"]), answer({"data": []})]
    assert [model.id for model in await client.models()] == ["rax-4.0", "rax-4.5"]
    assert len(await client.models()) == 0


async def test_models_that_cannot_be_named_are_left_out_of_the_catalogue(server, client):
    listed = [{"id": name, "description": "a\x00b"} for name in ("", "a\x00", "rax-4.0")]
    server.answers = [answer({"data": [*MODELS["data"], *listed]})]
    assert [(model.id, model.description) for model in await client.models()] == [("rax-4.0", "a b")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", Kind.NOT_JSON),
        (b"<html>Sign in</html>", Kind.NOT_JSON),
        (b"[" * 50 + b"]" * 50, Kind.NOT_JSON),
        (b'{"total_tokens": 1', Kind.NOT_JSON),
        ('{"total_tokens": 1}'.encode("utf-16"), Kind.NOT_JSON),
        (b'"' + b"x" * (8 * 1024 * 1024) + b'"', Kind.TOO_LARGE),
    ],
    ids=["empty", "HTML", "deep", "cut", "UTF-16", "large"],
)
async def test_a_body_that_is_no_answer_is_carried_by_its_error(server, client, body, kind):
    server.answers = [answer(body)]
    error = await fails(client.usage())
    assert (type(error), error.kind, error.answer.status_code) == (AnswerError, kind, 200)
    assert error.answer.body == body[: 256 * 1024]


async def test_a_compression_that_nobody_asked_for_is_an_error_with_its_status(server, client):
    server.answers = [answer(b"\x1b\x00", content_encoding="br"), answer(gzip.compress(b"["))]
    error = await fails(client.usage())
    assert (error.kind, error.answer.status_code) == (Kind.ENCODED, 200)


async def test_an_answer_at_which_we_break_is_not_lost(server, client, monkeypatch):
    monkeypatch.setattr(client_module, "read_usage", lambda *_, **__: 1 / 0)
    server.answers = [answer(USAGE)]
    error = await fails(client.usage())
    assert (error.kind, error.status_code) == (Kind.UNEXPECTED_SHAPE, 200)
    assert json.loads(error.answer.body) == USAGE
    assert isinstance(error.__cause__, ZeroDivisionError)


# Values as strangers write them; Python's JSON writer spells NaN and Infinity too.
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["", "\ud800", "\x00"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [*USAGE, "total_cost", "currency", "period", "daily_breakdown", "tokens", "requests", "start", "rax"]
)


@given(st.dictionaries(FIELDS, VALUES | st.dictionaries(FIELDS, VALUES)))
def test_any_object_is_read(value):
    body = json.dumps({"total_tokens": 1} | value).encode()
    read = {"limits": None, "started_at": None, "ended_at": None}
    usage = read_usage(read_tolerantly(body), body=body, answer=RawAnswer(200, {}, None), **read)
    counts = [
        usage.total_tokens,
        usage.total_requests,
        *(n for model in usage.breakdown.values() for n in model),
    ]
    assert all(count is None or 0 <= count < 2**63 for count in counts)
    "".join(usage.breakdown).encode()  # no half characters
    assert "\x00" not in "".join(usage.breakdown)


@given(st.text(alphabet='{}[]:,"1e9-. aNI\\u', max_size=40))
def test_reading_tolerantly_and_exactly_agree_on_the_shape(text):
    try:
        value = read_tolerantly(text.encode())
    except ValueError:
        return
    assert type(read_exactly(text.encode())) is type(value) or isinstance(value, float | Unread)
