"""Whatever a server repeats of the key, nothing that leaves the client holds it, in any encoding."""

import base64
import contextlib
import dataclasses
import json
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from rax import Kind, RaxError, Timeouts
from tests.rax.conftest import CUT, HOLD, KEY
from tests.rax.wire import ASK, CHAT, MODELS, USAGE, answer, delta, event, fails, stream_head

ENCODED = {
    "plain": KEY,
    "upper": KEY.upper(),
    "hex": KEY.encode().hex(),
    "base64 of a header": base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    "url": "".join(f"%{ord(char):02X}" for char in KEY),
    "url twice": "".join(f"%25{ord(char):02x}" for char in KEY),
    "json": "".join(f"\\u{ord(char):04x}" for char in KEY),
    "beginning": KEY[:-4],
    "end": KEY[4:],
}
every_encoding = pytest.mark.parametrize("said", ENCODED.values(), ids=ENCODED)


def texts(value: Any) -> Iterator[str]:
    """Everything in an answer or an error that can be read, its chain and its traceback included."""
    if isinstance(value, BaseException):
        yield from ("".join(traceback.format_exception(value)), repr(value), str(value.args))
        yield from texts([vars(value), value.__cause__, value.__context__, getattr(value, "doc", None)])
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield repr(value)
        yield from texts([getattr(value, field.name) for field in dataclasses.fields(value)])
    elif isinstance(value, dict):
        yield from texts([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
    else:
        yield value.decode() if isinstance(value, bytes) else str(value)


def assert_nothing_of(said: str, value: Any) -> None:
    everything = "\n".join(texts(value)).lower()
    runs = [said[start : start + 12].lower() for start in range(len(said) - 11)]
    assert [run for run in runs if run in everything] == []
    assert "***" in everything


@every_encoding
async def test_a_refusal(server, client, said):
    error = {"message": f"No {said}", "code": said, "type": said, "param": said, "request_id": said, said: 1}
    server.answers = [answer({"error": error}, 400, x_request_id=said, location=said, x_ratelimit_limit=said)]
    assert_nothing_of(said, await fails(client.chat(**ASK)))


@every_encoding
async def test_a_completion_but_for_its_text(server, client, said):
    choice = {"message": {"role": said, "content": "Hello!"}, "finish_reason": said}
    server.answers = [answer({**CHAT, "id": said, "model": said, "choices": [choice]})]
    found = await client.chat(**ASK)
    assert_nothing_of(said, found)
    assert found.text == "Hello!"


@every_encoding
async def test_a_catalogue(server, client, said):
    model = dict.fromkeys(("id", "owned_by", "name", "description"), said)
    server.answers = [answer({"data": [*MODELS["data"], model]}, request_id=said)]
    found = await client.models()
    assert_nothing_of(said, found)
    assert ["***" in model.id for model in found] == [False, True]


@every_encoding
async def test_usage(server, client, said):
    counts = {"tokens": 1, "requests": 1}
    told = {said: counts, f"{said}\0": counts}
    server.answers = [answer({**USAGE, "breakdown": {"rax-4.0": counts} | told, "currency": said})]
    found = await client.usage()
    assert_nothing_of(said, found)
    assert len(found.breakdown) == 2


async def test_two_names_that_become_one_are_told_twice(server, client):
    counts = {"tokens": 1, "requests": 1}
    server.answers = [answer({**USAGE, "breakdown": {KEY: counts, KEY.upper(): counts}})]
    found = await client.usage()
    assert found.breakdown == {}
    assert [(part.field, part.model) for part in found.unreadable] == [("breakdown", "***")]


@every_encoding
async def test_a_stream_but_for_its_text(server, client, said):
    chunk = delta("Hi", said, id=said, model=said)
    chunk["choices"][0]["delta"]["role"] = said
    server.answers = [[stream_head(x_request_id=said), event(chunk), event("[DONE]")]]
    async with client.chat_stream(**ASK) as stream:
        chunks = [chunk async for chunk in stream]
    found = [chunks, stream.model, stream.finish_reason, stream.request_id, stream.answer]
    assert_nothing_of(said, [chunk._asdict() for chunk in chunks] + found)
    assert stream.text == "Hi"


@every_encoding
@pytest.mark.parametrize(
    "body", ['{"error": {"message": "%s", "code": "%s"}}', "<%s %s", "{%s: %s}", "[1, %s%s"]
)
async def test_an_error_in_a_stream_or_an_answer(server, client, said, body):
    body = body.replace("%s", json.dumps(said)[1:-1])
    server.answers = [answer(body.encode()), [stream_head(), event(body)]]
    assert_nothing_of(said, await fails(client.chat(**ASK)))
    async with client.chat_stream(**ASK) as stream:
        assert_nothing_of(said, await fails(anext(stream)))


async def test_what_breaks_our_reading_is_told_without_the_key(server, client, monkeypatch):
    def broken(_: Any, **__: Any) -> None:
        raise KeyError(KEY)

    monkeypatch.setattr("rax._client.read_models", broken)
    server.answers = [answer(MODELS)]
    error = await fails(client.models())
    assert isinstance(error.__cause__, KeyError)
    assert_nothing_of(KEY, error)


@pytest.mark.parametrize("at", [3, 8, 12, len(KEY) - 1])
async def test_the_text_of_an_answer_holds_no_key(server, client, at):
    server.answers = [
        answer({**CHAT, "choices": [{"message": {"content": f"It is {KEY}."}}]}),
        [stream_head(), event(delta(f"It is {KEY[:at]}")), event(delta(f"{KEY[at:]}.")), event("[DONE]")],
    ]
    assert (await client.chat(**ASK)).text == "It is ***."
    async with client.chat_stream(**ASK) as stream:
        said = "".join([chunk.text async for chunk in stream])
    assert said == stream.text == f"It is {KEY[:at] if at < 8 else ''}***."


ENDS: dict[str, tuple[list[Any], Kind | None]] = {
    "finish": ([event(delta(finish="stop")), event("[DONE]")], None),
    "done": ([event("[DONE]")], None),
    "nothing more": ([], None),
    "error": ([event({"error": {"message": "No more"}})], Kind.SERVER_ERROR),
    "too late": ([HOLD], Kind.IDLE_DEADLINE),
    "cut": ([event(delta(usage={"total_tokens": 0})), CUT], Kind.CONNECTION_LOST),
}


@pytest.mark.parametrize("end", ENDS)
async def test_what_only_looked_like_the_key_comes_before_the_end(server, make_client, end):
    steps, kind = ENDS[end]
    head = stream_head(content_length="1000") if kind else stream_head()
    server.answers = [[head, event(delta(f"a {KEY[:10]}")), 0.05, *steps]]
    found: list[str] = []
    # The others end before a busy machine takes a pause for the deadline.
    timeouts = Timeouts(between_tokens_seconds=0.3 if kind is Kind.IDLE_DEADLINE else 60)
    async with make_client(timeouts=timeouts).chat_stream(**ASK) as stream:
        with pytest.raises(RaxError) if kind else contextlib.nullcontext() as caught:
            async for chunk in stream:
                found += [chunk.text]
    assert "".join(found) == stream.text == f"a {KEY[:10]}"
    assert (caught and caught.value.kind) == kind
