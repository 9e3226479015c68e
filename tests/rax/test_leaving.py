"""Leaving a stream from another task, before, while and after its answer comes."""

import asyncio

import pytest

from tests.rax.conftest import HOLD
from tests.rax.wire import ASK, delta, documented_stream, event, read_texts, stream_head

AT_ONCE = 5.0


async def test_closing_before_the_headers_ends_the_wait(server, client):
    server.answers = [[HOLD]]
    stream = client.chat_stream(**ASK)
    reading = asyncio.create_task(read_texts(stream))
    await server.asked.wait()
    async with asyncio.timeout(AT_ONCE):
        await stream.aclose()
        assert await reading == []
        await server.left.wait()
    assert (stream.done, stream.ended_early, stream.answer) == (False, False, None)


async def test_closing_before_it_is_entered_sends_nothing(server, client):
    stream = client.chat_stream(**ASK)
    await stream.aclose()
    assert await read_texts(stream) == []
    assert server.requests == []


async def test_closing_while_it_is_read_ends_the_iteration(server, client):
    server.answers = [[stream_head(), event(delta("Hi")), HOLD]]
    stream = client.chat_stream(**ASK)
    async with asyncio.timeout(AT_ONCE), stream:
        assert (await anext(stream)).text == "Hi"
        waiting = asyncio.create_task(anext(stream, None))
        await asyncio.sleep(0.01)
        await stream.aclose()
        assert await waiting is None
        await server.left.wait()


@pytest.mark.parametrize("turns", range(0, 40, 3))
async def test_it_may_be_closed_at_any_moment(server, client, turns):
    server.answers = [[stream_head(), documented_stream("Hello")]]
    stream = client.chat_stream(**ASK)
    reading = asyncio.create_task(read_texts(stream))
    for _ in range(turns):
        await asyncio.sleep(0)
    await stream.aclose()
    async with asyncio.timeout(AT_ONCE):
        assert "".join(await reading) in ("", "Hello")


async def test_being_cancelled_is_no_deadline(server, client):
    server.answers = [[HOLD]]
    reading = asyncio.create_task(read_texts(client.chat_stream(**ASK)))
    await server.asked.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
