"""An event stream where a whole answer was asked for: every piece is there."""

import json

import pytest

from rax import ConnectionLostError, Kind, Usage
from tests.rax.conftest import CUT, HOLD
from tests.rax.parser.test_shapes import END, HI, REPORT, STOP
from tests.rax.wire import ASK, CHAT, answer, chunked, delta, documented_stream, event, fails, stream_head

CHUNKS = [delta("H"), delta("i"), delta(finish="stop", usage=REPORT)]


@pytest.mark.parametrize(
    "body",
    [
        chunked(*map(event, CHUNKS), END),
        answer(b"".join(map(event, CHUNKS))),
        answer(b": wait\r\n\r\n" + b"".join(map(event, CHUNKS)) + END, content_type="application/json"),
        answer(b"\n".join(json.dumps(chunk).encode() for chunk in CHUNKS)),
        answer(CHUNKS),
    ],
)
async def test_an_event_stream_is_read(server, client, body):
    server.answers = [body]
    whole = await client.chat(**ASK)
    assert (whole.text, whole.finish_reason, whole.usage) == ("Hi", "stop", Usage(5, 2, 7))
    assert (whole.model, whole.id, whole.created_at.year) == ("rax-4.0", "req_abc123", 2023)
    assert not whole.ended_early


async def test_a_stream_that_ends_early_says_so(server, client):
    server.answers = [answer(HI), answer(HI + END), answer(HI + event("ping") + STOP)]
    ends = [await client.chat(**ASK) for _ in range(3)]
    assert [whole.text for whole in ends] == ["Hi"] * 3
    assert [whole.ended_early for whole in ends] == [True, False, False]
    assert [whole.unreadable_events for whole in ends] == [0, 0, 1]


async def test_a_stream_that_breaks_is_an_error(server, client):
    server.answers = [
        [stream_head(content_length="9999"), HI, 0.05, CUT],
        answer(HI + event({"error": "It broke"})),
    ]
    assert isinstance(await fails(client.chat(**ASK)), ConnectionLostError)
    error = await fails(client.chat(**ASK))
    assert (error.kind, error.maybe_billed, error.request_id) == (Kind.SERVER_ERROR, True, "req_abc123")


@pytest.mark.parametrize(
    "steps",
    [
        [HI + STOP + END, HOLD],
        [HI, STOP, b"data: [DONE]", HOLD],
        [HI + STOP, 0.05, CUT],
        [HI + STOP + END[:3], 0.05, CUT],
    ],
)
async def test_a_stream_that_has_finished_is_whole_whatever_comes(server, client, steps):
    server.answers = [[stream_head(content_length="9999"), *steps]]
    whole = await client.chat(**ASK)
    assert (whole.text, whole.finish_reason, whole.ended_early) == ("Hi", "stop", False)


async def test_a_stream_that_stays_open_after_its_finish_reason_is_whole(server, client, monkeypatch):
    monkeypatch.setattr("rax._constants.AFTER_FINISH_LONGEST_SECONDS", 0.1)
    server.answers = [[stream_head(), HI + STOP, HOLD]]
    whole = await client.chat(**ASK)
    assert (whole.text, whole.finish_reason) == ("Hi", "stop")
    await server.left.wait()


async def test_a_silence_before_the_end_ends_nothing(server, client, monkeypatch):
    monkeypatch.setattr("rax._constants.AFTER_FINISH_LONGEST_SECONDS", 0.05)
    early = event(delta("H", "stop")) + event(delta("i", "stop"))
    server.answers = [[stream_head(), early, 0.3, event(delta("!", "stop")) + END, HOLD]]
    assert (await client.chat(**ASK)).text == "Hi!"


async def test_an_answer_that_breaks_in_the_middle_is_not_whole(server, client):
    body = json.dumps(CHAT | {"object": "x" * 99, "choices": CHAT["choices"]}, indent=1).encode()[:-9]
    server.answers = [[stream_head(content_length="9999"), body, 0.05, CUT]]
    assert isinstance(await fails(client.chat(**ASK)), ConnectionLostError)


@pytest.mark.parametrize("body", [b"", b"Service starting", b": wait\n\n", b'{"choices": [', b"[DONE]"])
async def test_what_is_neither_is_no_json(server, client, body):
    server.answers = [answer(body, x_request_id="req_9")]
    error = await fails(client.chat(**ASK))
    assert (error.kind, error.request_id, error.answer.body) == (Kind.NOT_JSON, "req_9", body)
    assert error.limits is not None


@pytest.mark.parametrize(
    "spelled",
    [
        '"created": 1, "created": 1700000000',
        '"seed": 9223372036854775808',
        '"seed": 99999999999999999999999',
        '"logprob": -Infinity',
        '"logprob": 1e999, "created": NaN',
    ],
)
async def test_a_number_out_of_range_spoils_no_answer(server, client, spelled):
    body = json.dumps(CHAT).replace('"created": 1700000000', spelled).encode()
    server.answers = [answer(body), answer(body)]
    assert (await client.chat(**ASK)).text == "Hello!"
    async with client.chat_stream(**ASK) as stream:
        assert [chunk.text async for chunk in stream] == ["Hello!"]


@pytest.mark.parametrize("message", [None, {}, {"content": None}, {"role": "assistant", "content": ""}])
async def test_an_answer_may_say_nothing(server, client, message):
    server.answers = [answer({"choices": [{"message": message}]})]
    whole = await client.chat(**ASK)
    assert (whole.text, whole.reasoning, whole.refusal, whole.tool_calls) == ("", "", "", ())
    async with client.chat_stream(**ASK) as stream:
        assert "".join([chunk.text async for chunk in stream]) == ""
    assert not stream.ended_early


async def test_plain_lines_come_as_they_are_said(server, client):
    lines = [json.dumps(chunk).encode() + b"\n" for chunk in CHUNKS]
    server.answers = [[stream_head(), lines[0], 0.05, *lines[1:]]]
    async with client.chat_stream(**ASK) as stream:
        batches = [[chunk.text for chunk in batch] async for batch in stream.batches()]
    assert batches[0] == ["H"]
    assert (stream.text, stream.usage, stream.ended_early) == ("Hi", Usage(5, 2, 7), False)


async def test_the_documented_stream_is_the_documented_answer(server, client):
    server.answers = [answer(documented_stream("Hel", "lo!"))]
    assert (await client.chat(**ASK)).text == "Hello!"
