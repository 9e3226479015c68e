"""Streams over a real socket."""

from tests.rax.wire import ASK, chunked, documented_stream, stream_head


async def test_it_streams_the_documented_shape(server, client):
    server.answers = [[stream_head(), documented_stream("Hello", " world")]]
    async with client.chat_stream(**ASK) as stream:
        texts = [chunk.text async for chunk in stream]
    assert texts == ["Hello", " world", ""]
    assert (stream.text, stream.finish_reason, stream.model) == ("Hello world", "stop", "rax-4.0")
    assert stream.done
    assert not stream.ended_early
    assert stream.usage is None


async def test_it_hands_out_what_one_read_brought(server, client):
    server.answers = [chunked(documented_stream("a", "b"))]
    async with client.chat_stream(**ASK) as stream:
        batches = [[chunk.text for chunk in batch] async for batch in stream.batches()]
    assert batches == [["a", "b", ""]]
