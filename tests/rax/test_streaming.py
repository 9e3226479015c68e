"""Streams over a real socket: what is handed out, and when the connection closes."""

import asyncio
import contextlib

import pytest

from rax import (
    AuthenticationError,
    Client,
    ConnectionLostError,
    Connections,
    Kind,
    RateLimitError,
    RaxError,
    Usage,
    asks_for_usage,
    chat_payload,
    encode_payload,
)
from tests.rax.conftest import CUT, HOLD
from tests.rax.parser.test_shapes import SHAPES
from tests.rax.wire import ASK, CHAT, answer, chunked, delta, documented_stream, event, fails, stream_head

HI = event(delta("Hi"))
REFUSED = answer({"error": {"message": "Unknown field stream_options", "code": "bad_request"}}, status=400)


async def read(stream) -> str:
    async with stream:
        return "".join([chunk.text async for chunk in stream])


async def test_it_streams_the_documented_shape(server, client):
    server.answers = [[stream_head(x_request_id="req_9"), documented_stream("Hello", " world")]]
    async with client.chat_stream(**ASK) as stream:
        texts = [chunk.text async for chunk in stream]
    assert texts == ["Hello", " world", ""]
    assert (stream.text, stream.finish_reason, stream.model) == ("Hello world", "stop", "rax-4.0")
    assert (stream.done, stream.ended_early, stream.usage, stream.request_id) == (True, False, None, "req_9")


async def test_it_hands_out_what_one_read_brought(server, client):
    server.answers = [chunked(documented_stream("a", "b"))]
    async with client.chat_stream(**ASK) as stream:
        batches = [[chunk.text for chunk in batch] async for batch in stream.batches()]
    assert batches == [["a", "b", ""]]


async def stumble(stream) -> None:
    async with stream:
        async for _ in stream.batches():
            raise ZeroDivisionError


@pytest.mark.parametrize("shape", SHAPES)
async def test_it_reads_every_shape_cut_inside(server, client, shape):
    data, (text, finish_reason, usage, done, _) = SHAPES[shape]
    middle = len(data) // 2
    server.answers = [[stream_head(), data[:middle], 0.001, data[middle:]]]
    async with client.chat_stream(**ASK) as stream:
        assert "".join([chunk.text async for chunk in stream]) == text
    assert (stream.finish_reason, stream.usage, stream.done) == (finish_reason, usage, done)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"]
)
async def test_it_does_not_ask_for_a_content_type(server, client, head):
    server.answers = [[head, documented_stream("Hi")]]
    assert await read(client.chat_stream(**ASK)) == "Hi"


async def test_it_takes_a_whole_answer_as_one_chunk(server, client):
    server.answers = [answer(CHAT)]
    async with client.chat_stream(**ASK) as stream:
        (chunk,) = [chunk async for chunk in stream]
    assert (chunk.text, chunk.usage, stream.ended_early) == ("Hello!", Usage(25, 18, 43), False)


async def test_it_says_that_a_stream_ended_early(server, client):
    server.answers = [[stream_head(), HI]]
    async with client.chat_stream(**ASK) as stream:
        assert [chunk.text async for chunk in stream] == ["Hi"]
    assert (stream.ended_early, stream.done, stream.finish_reason) == (True, False, None)


@pytest.mark.parametrize(
    "steps",
    [
        [chunked(HI)[:-5]],
        [chunked(HI)[:-5], 0.01, CUT],
        [chunked(HI)[:-5], 0.01, b"zz\r\n", HOLD],
        [chunked(HI)[:-5], 0.01, b"3\r\nabcdef\r\n", HOLD],
    ],
    ids=["ended", "reset", "no size of a chunk", "a longer chunk"],
)
async def test_a_broken_connection_is_an_error_after_the_text_before_it(server, client, steps):
    server.answers = [steps]
    stream = client.chat_stream(**ASK)
    with pytest.raises(RaxError) as caught:
        async with asyncio.timeout(10):
            await read(stream)
    assert stream.text == "Hi"
    assert (caught.value.kind, caught.value.maybe_billed) == (Kind.CONNECTION_LOST, True)
    assert caught.value.request_id == "req_abc123"
    assert caught.value.limits is stream.limits


@pytest.mark.parametrize("end", [[CUT], [b"zz\r\n", HOLD], []], ids=["reset", "no chunk", "ended"])
async def test_what_came_before_a_break_that_nobody_saw_yet_is_there(server, client, end):
    more = chunked(event(delta(" there"))).partition(b"\r\n\r\n")[2]
    server.answers = [[chunked(HI)[:-5], 0.01, more[:-5], *end]]
    stream = client.chat_stream(**ASK)
    error = await fails(read_by_frames(stream))
    assert (error.kind, stream.text) == (Kind.CONNECTION_LOST, "Hi there")


async def read_by_frames(stream) -> None:
    async with asyncio.timeout(10), stream:
        async for _ in stream:
            await asyncio.sleep(0.05)


async def test_a_reset_is_never_taken_for_a_whole_answer(server, client):
    server.answers = [[stream_head(), HI, 0.01, CUT]]
    stream = client.chat_stream(**ASK)
    with contextlib.suppress(ConnectionLostError):  # aiohttp takes it for an end, httpx for an error
        await read(stream)
    assert (stream.text, stream.ended_early) == ("Hi", True)


async def test_a_connection_broken_after_the_finish_reason_is_an_end(server, client):
    server.answers = [[stream_head(), event(delta("Hi", finish="length")), 0.01, CUT]]
    assert await read(client.chat_stream(**ASK)) == "Hi"


async def test_an_error_inside_is_of_the_same_class_as_outside(server, client):
    inside = event({"error": {"message": "Slow down", "code": "rate_limit_exceeded", "status": 429}})
    server.answers = [[stream_head(), HI + inside, HOLD], answer({}, status=401)]
    with pytest.raises(RateLimitError) as caught:
        await read(client.chat_stream(**ASK))
    assert (caught.value.status_code, caught.value.maybe_billed) == (429, True)
    await server.left.wait()
    with pytest.raises(AuthenticationError):
        await read(client.chat_stream(**ASK))


async def test_breaking_out_closes_the_connection(server, client):
    server.answers = [[stream_head(), HI, HOLD]]
    async with client.chat_stream(**ASK) as stream:
        async for _ in stream:
            break
    await server.left.wait()
    assert not stream.ended_early


async def test_an_exception_of_the_reader_closes_the_connection(server, client):
    server.answers = [[stream_head(), HI, HOLD]]
    with pytest.raises(ZeroDivisionError):
        await stumble(client.chat_stream(**ASK))
    await server.left.wait()


@pytest.mark.parametrize("steps", [[HOLD], [stream_head(), HOLD], [stream_head(), HI, HOLD]])
async def test_cancelling_closes_the_connection(server, client, steps):
    server.answers = [steps]
    task = asyncio.create_task(read(client.chat_stream(**ASK)))
    while not server.requests:  # noqa: ASYNC110  it has no event for that
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await server.left.wait()


async def test_closing_from_another_task_ends_the_iteration(server, client):
    server.answers = [[stream_head(), HI, HOLD]]
    async with client.chat_stream(**ASK) as stream:
        assert (await anext(stream)).text == "Hi"
        waiting = asyncio.create_task(anext(stream, None))
        await asyncio.sleep(0)
        await stream.aclose()
        await server.left.wait()
        assert await waiting is None
    assert not stream.ended_early


async def test_entering_without_reading_closes_the_connection(server, client):
    server.answers = [[stream_head(), HI, HOLD]]
    async with client.chat_stream(**ASK):
        pass
    await server.left.wait()


async def test_a_whole_stream_gives_its_connection_back(server, client):
    server.answers = [chunked(documented_stream("Hi"))]
    for _ in range(3):
        assert await read(client.chat_stream(**ASK)) == "Hi"
    assert (len(server.requests), server.connections) == (3, 1)


async def test_it_asks_for_usage_and_remembers_who_refuses(server, client, make_client):
    server.answers = [REFUSED, chunked(documented_stream("Hi"))]
    assert await read(client.chat_stream(**ASK)) == "Hi"
    assert await read(make_client().chat_stream(**ASK)) == "Hi"
    asked = ["stream_options" in request.json for request in server.requests]
    assert asked == [True, False, False]


@pytest.mark.parametrize("refuses", [True, False])
async def test_it_says_what_was_sent_last_byte_for_byte(server, client, refuses):
    server.answers = [*[REFUSED] * refuses, chunked(documented_stream("Hi"))]
    stream = client.chat_stream(**ASK, temperature=0.5, stop=["end"])
    assert stream.payload is None
    await read(stream)
    assert encode_payload(stream.payload) == server.requests[-1].body
    asks = asks_for_usage(client.base_url) and not refuses
    expected = chat_payload(**ASK, temperature=0.5, stop=["end"], stream=True, include_usage=asks)
    assert stream.payload == expected


async def test_a_whole_answer_is_asked_for_with_these_bytes(server, client):
    server.answers = [answer(CHAT)]
    await client.chat(**ASK, max_tokens=3)
    assert server.requests[0].body == encode_payload(chat_payload(**ASK, max_tokens=3))


async def test_it_remembers_nothing_when_something_else_was_wrong(server, client):
    server.answers = [REFUSED, REFUSED, chunked(documented_stream("Hi"))]
    with pytest.raises(RaxError):
        await read(client.chat_stream(**ASK))
    await read(client.chat_stream(**ASK))
    assert "stream_options" in server.requests[2].json


@pytest.mark.parametrize("asked", [True, False])
async def test_it_does_as_told_about_usage(server, client, asked):
    server.answers = [REFUSED]
    with pytest.raises(RaxError):
        await read(client.chat_stream(**ASK, include_usage=asked))
    assert [request.json.get("stream_options") for request in server.requests] == [
        {"include_usage": True} if asked else None
    ]


async def test_it_cannot_be_entered_twice_nor_read_before(server, client):
    server.answers = [chunked(documented_stream("Hi"))]
    stream = client.chat_stream(**ASK)
    with pytest.raises(RuntimeError):
        await anext(stream)
    await read(stream)
    with pytest.raises(RuntimeError):
        await read(stream)


async def test_a_client_may_own_its_connections(server):
    async with Client("key") as client:
        assert isinstance(client._owned, Connections)
