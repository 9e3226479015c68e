"""Whatever a caller hands over: it is sent as it is, or one error of the tree says what is wrong with it."""

import asyncio
import datetime
import json
import math
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rax import (
    ArgumentError,
    BaseURLError,
    Client,
    Connections,
    MisuseError,
    RaxError,
    Timeouts,
    asks_for_usage,
    chat_payload,
    encode_payload,
)
from tests.rax.conftest import HOLD, KEY
from tests.rax.wire import ASK, CHAT, answer, documented_stream, stream_head

HALF = "\ud800"
NESTED: list = []
NESTED.append(NESTED)


class Colour(Enum):
    RED = 1


WRONG = [
    {"model": None}, {"model": 1}, {"model": HALF}, {"model": b"rax"},
    {"messages": None}, {"messages": "Hi"}, {"messages": 5}, {"messages": ["Hi"]}, {"messages": [None]},
    {"messages": {"role": "user"}}, {"messages": [{"role": "user", "content": HALF}]},
    {"messages": [{1: "user"}]}, {"messages": [{"content": math.nan}]}, {"messages": [{"content": {1, 2}}]},
    {"messages": [{"content": NESTED}]}, {"messages": iter([])},
    {"temperature": "1"}, {"temperature": math.inf}, {"temperature": math.nan}, {"temperature": True},
    {"temperature": [1]}, {"temperature": 1j}, {"temperature": 10**400}, {"temperature": Decimal(1)},
    {"top_p": "0.5"}, {"top_p": -math.inf}, {"top_p": {}},
    {"max_tokens": "1"}, {"max_tokens": 1.5}, {"max_tokens": True}, {"max_tokens": 2**64},
    {"max_completion_tokens": "1"}, {"max_completion_tokens": 1.0},
    {"stop": 5}, {"stop": [5]}, {"stop": {"a": 1}}, {"stop": b"x"}, {"stop": HALF}, {"stop": [None]},
    {"user": 5}, {"user": HALF}, {"user": b"ann"},
    {"extra": "seed"}, {"extra": ["seed"]}, {"extra": {1: 2}}, {"extra": {"seed": math.nan}},
    {"extra": {"seed": {1: 2}}}, {"extra": {"seed": HALF}}, {"extra": {HALF: 1}}, {"extra": {"seed": NESTED}},
    {"extra": {"seed": object()}}, {"extra": {"seed": b"1"}}, {"extra": {"seed": 2**64}},
    {"extra": {"seed": Colour.RED}}, {"extra": {"seed": uuid4()}}, {"extra": {"seed": Decimal(1)}},
    {"extra": {"at": datetime.date(2026, 1, 1)}}, {"extra": {"model": "other"}}, {"extra": {"stream": True}},
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(WRONG)))
async def test_it_refuses_what_cannot_be_sent(number):
    async with Client(KEY) as client:
        with pytest.raises(ArgumentError):
            await client.chat(**ASK | WRONG[number])
        with pytest.raises(ArgumentError):
            async with client.chat_stream(**ASK | WRONG[number]):
                pass


@pytest.mark.parametrize("wrong", [None, 1, [], {}, b"https://a", "http://[::1", "a"])
def test_only_a_server_may_be_asked_for_usage(wrong):
    with pytest.raises(BaseURLError):
        asks_for_usage(wrong)


@pytest.mark.parametrize("wrong", [1, "yes", []])
async def test_asking_for_usage_is_yes_or_no(wrong):
    async with Client(KEY) as client:
        with pytest.raises(ArgumentError, match="include_usage"):
            client.chat_stream(**ASK, include_usage=wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeouts": 10}, {"timeouts": {}}, {"connections": "pool"}, {"connections": 0}, {"get_retries": -1},
        {"get_retries": "2"}, {"get_retries": True}, {"get_retries": None}, {"get_retries": 1.0},
        {"base_url": None}, {"base_url": b"http://a"}, {"key": None}, {"key": ""}, {"key": 5}, {"key": "ä"},
    ],
    ids=str,
)  # fmt: skip
def test_a_client_is_not_made_of_what_is_none(wrong):
    with pytest.raises(ArgumentError):
        Client(**{"key": KEY} | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"allow": "127.0.0.0/8"}, {"allow": None}, {"allow": [5]}, {"allow": [""]}, {"allow": ["a b"]},
        {"allow": [b"localhost"]}, {"direct": "localhost", "proxy": "http://a"}, {"per_host": 0},
        {"total": -1}, {"total": "5"}, {"per_host": True},
    ],
    ids=str,
)  # fmt: skip
def test_connections_are_not_made_of_what_is_none(wrong):
    with pytest.raises(ArgumentError):
        Connections(**wrong)


@pytest.mark.parametrize("day", ["2026-01-01", 5, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)])
async def test_usage_is_asked_for_by_days(day):
    async with Client(KEY) as client:
        with pytest.raises(ArgumentError, match="start_date"):
            await client.usage(start_date=day)


async def test_extra_fields_are_sent_beside_the_others(server, client):
    server.answers = [answer(CHAT)]
    extra = MappingProxyType({"seed": 7, "response_format": {"type": "json_object"}, "tools": ({"a": None},)})
    await client.chat(**ASK, max_completion_tokens=50, extra=extra)
    assert server.requests[0].json == ASK | {
        "max_completion_tokens": 50,
        "seed": 7,
        "response_format": {"type": "json_object"},
        "tools": [{"a": None}],
    }


async def test_extra_fields_are_sent_in_a_stream_too(server, client):
    server.answers = [[stream_head(), documented_stream("Hi")]]
    async with client.chat_stream(**ASK, extra={"seed": 7}) as stream:
        assert stream.payload["seed"] == 7
    assert (server.requests[0].json["seed"], server.requests[0].json["stream"]) == (7, True)


async def test_the_server_is_told_who_asks_and_in_which_version(server, client):
    server.answers = [answer(CHAT)]
    await client.chat(**ASK)
    name, _, version = server.requests[0].headers["user-agent"].partition("/")
    assert name == "raxdash"
    assert [part.isdigit() for part in version.split(".")] == [True] * 3


async def test_a_closed_client_says_so():
    async with Client(KEY) as client:
        pass
    for ask in (client.models(), client.usage(), client.chat(**ASK), client.chat_stream(**ASK).__aenter__()):
        with pytest.raises(MisuseError, match="closed"):
            await ask


async def test_a_stream_is_used_as_it_can_be(server, client):
    server.answers = [[stream_head(), documented_stream("Hi")]]
    stream = client.chat_stream(**ASK)
    with pytest.raises(MisuseError, match="Enter"):
        await anext(stream)
    async with stream:
        pass
    with pytest.raises(MisuseError, match="once"):
        await stream.__aenter__()


async def test_a_stream_is_read_by_one_task_at_a_time(server, client):
    server.answers = [[stream_head(), HOLD]]
    async with client.chat_stream(**ASK) as stream:
        reading = asyncio.create_task(anext(stream, None))
        await asyncio.sleep(0)
        with pytest.raises(MisuseError, match="one task"):
            await anext(stream)
    assert await reading is None


async def test_a_client_alone_says_how_a_local_address_is_allowed():
    async with Client(KEY, base_url="http://127.0.0.1:9/v1") as client:
        with pytest.raises(RaxError, match=r"Client\(.*connections=Connections\(allow="):
            await client.models()


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.binary()
    | st.dates()
    | st.complex_numbers()
    | st.decimals()
    | st.uuids(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.sets(st.integers())
    ),
    max_leaves=8,
)
PARAMETERS = ("model", "messages", "temperature", "max_tokens", "max_completion_tokens", "top_p", "user")


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from((*PARAMETERS, "stop", "extra")), anything), st.booleans())
def test_a_payload_is_json_or_an_error_of_the_tree(given_values, streams):
    try:
        body = encode_payload(chat_payload(**ASK | given_values, stream=streams))
    except RaxError:
        return
    sent = json.loads(body, parse_constant=pytest.fail)
    for name, value in given_values.items():
        if name in PARAMETERS and value not in (None, []):
            assert sent[name] == json.loads(json.dumps(value))


@settings(deadline=None, max_examples=50)
@given(anything)
def test_any_json_is_sent_as_it_is_or_refused(value):
    try:
        body = encode_payload({"value": value})
    except ArgumentError:
        return
    assert json.loads(body)["value"] == value or isinstance(value, float)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from(list(Timeouts.__dataclass_fields__)), anything))
def test_timeouts_are_times_or_an_error_of_the_tree(values):
    try:
        timeouts = Timeouts(**values)
    except RaxError:
        return
    assert all(value is None or 0 < value < math.inf for value in vars_of(timeouts))


def vars_of(timeouts: Timeouts) -> list[float | None]:
    return [getattr(timeouts, name) for name in Timeouts.__dataclass_fields__]


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from(["key", "base_url", "timeouts", "get_retries"]), anything))
def test_a_client_is_made_or_an_error_of_the_tree(values):
    try:
        client = Client(**{"key": KEY} | values)
    except RaxError:
        return
    asyncio.run(client.aclose())
