"""A stream that is held reads nothing meanwhile, and loses nothing."""

import asyncio

import pytest

from rax import ChatStream, ConnectionLostError
from rax._transport.pools import reading_from
from tests.rax.conftest import CUT, HOLD
from tests.rax.wire import ASK, chunked, delta, documented_stream, event, stream_head


def is_reading(stream: ChatStream) -> bool | None:
    """Tell whether the stream's connection is read; None where nobody reads it unasked."""
    assert stream._opened
    transport = reading_from(stream._opened.answer._response)
    return transport.is_reading() if transport else None


async def texts_held(stream: ChatStream) -> list[str]:
    """Read a stream that is held a while after each batch."""
    texts = []
    async with asyncio.timeout(10), stream:
        async for batch in stream.batches():
            texts += [chunk.text for chunk in batch]
            await stream.hold_until(asyncio.sleep(0.02))
    return texts


async def test_what_comes_meanwhile_is_left_with_the_system(server, client):
    server.answers = [[stream_head(), event(delta("One ")), 0.005, event(delta("two")), HOLD]]
    stream, found = client.chat_stream(**ASK), []

    async def look() -> None:
        await asyncio.sleep(0.02)
        found.append(is_reading(stream))

    async with asyncio.timeout(10), stream:
        assert (await anext(stream)).text == "One "
        await stream.hold_until(look())
        assert found[0] in (False, None)  # httpx's own transport reads when it is asked
        assert is_reading(stream) in (True, None)
        assert (await anext(stream)).text == "two"


async def test_one_that_has_come_whole_may_be_held(server, client):
    server.answers = [chunked(documented_stream("Hello", " there"))]
    assert "".join(await texts_held(client.chat_stream(**ASK))) == "Hello there"


async def test_a_loss_meanwhile_is_told_with_what_came(server, client):
    server.answers = [[chunked(event(delta("Hel")), event(delta("lo")))[:-5], 0.01, CUT]]
    stream = client.chat_stream(**ASK)
    with pytest.raises(ConnectionLostError):
        await texts_held(stream)
    assert stream.text == "Hello"


async def test_it_may_be_closed_meanwhile(server, client):
    server.answers = [[stream_head(), event(delta("Hi")), HOLD]]
    stream = client.chat_stream(**ASK)
    async with asyncio.timeout(10), stream:
        assert (await anext(stream)).text == "Hi"
        await stream.hold_until(stream.aclose())
        await server.left.wait()
        assert await anext(stream, None) is None
