"""Faults of a streamed answer: each takes the events of a good stream and hands on something worse."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson

from rax.simulator.errors import error_body
from rax.simulator.faults.registry import ConnectionCutError, on_stream
from rax.simulator.generation import DONE, frame

Events = AsyncIterator[bytes]


async def first_of(events: Events, argument: str, default: int = 5) -> Events:
    """The first events only, as many as the argument says."""
    left = int(argument or default)
    while left > 0 and (event := await anext(events, None)) is not None:
        left -= 1
        yield event


async def edited(events: Events, change: Callable[[dict[str, Any]], None]) -> Events:
    """Every chunk with its JSON changed in place; `[DONE]` as it is."""
    async for event in events:
        if event == DONE:
            yield event
            continue
        chunk = orjson.loads(event[6:])
        change(chunk)
        yield frame(chunk)


@on_stream("stall", "Silence for ever after a few events (the argument; 5 by default).")
async def stall(events: Events, argument: str) -> Events:
    async for event in first_of(events, argument):
        yield event
    await asyncio.Event().wait()


@on_stream("stall-comments", "As stall, with a comment every 100 ms instead of silence.")
async def stall_comments(events: Events, argument: str) -> Events:
    async for event in first_of(events, argument):
        yield event
    while True:
        yield b": keep-alive\n\n"
        await asyncio.sleep(0.1)


@on_stream("cut", "The connection is lost after a few events (the argument; 5 by default).")
async def cut(events: Events, argument: str) -> Events:
    async for event in first_of(events, argument):
        yield event
    raise ConnectionCutError


@on_stream("cut-in-line", "The connection is lost in the middle of an event.")
async def cut_in_line(events: Events, argument: str) -> Events:
    async for event in first_of(events, argument):
        yield event
    yield (await anext(events))[:40]
    raise ConnectionCutError


@on_stream(
    "ended-early", "The stream ends cleanly after a few events: no finish reason, no [DONE], no error."
)
async def ended_early(events: Events, argument: str) -> Events:
    async for event in first_of(events, argument):
        yield event


@on_stream("slow", "The first token comes after the argument's seconds, 10 by default.")
async def slow(events: Events, argument: str) -> Events:
    await asyncio.sleep(float(argument or 10))
    async for event in events:
        yield event


@on_stream("empty", "A stream without any event.")
async def empty(events: Events, argument: str) -> Events:
    return
    yield b""


@on_stream("no-done", "The stream ends after its finish reason, without [DONE].")
async def no_done(events: Events, argument: str) -> Events:
    async for event in events:
        if event != DONE:
            yield event


@on_stream("malformed", "A line that is not JSON stands in the middle; the rest goes on.")
async def malformed(events: Events, argument: str) -> Events:
    async for event in first_of(events, argument):
        yield event
    yield b'data: {"choices": [{"delta": {"content": \n\n'
    async for event in events:
        yield event


@on_stream("split", "Every byte is its own write, also inside a character.")
async def split(events: Events, argument: str) -> Events:
    async for event in events:
        for at in range(len(event)):
            yield event[at : at + 1]
            await asyncio.sleep(0)


@on_stream("joined", "All events arrive in one write.")
async def joined(events: Events, argument: str) -> Events:
    yield b"".join([event async for event in events])


@on_stream("crlf", "Lines end with CRLF.")
async def crlf(events: Events, argument: str) -> Events:
    async for event in events:
        yield event.replace(b"\n", b"\r\n")


@on_stream("multiline", "The JSON of each event lies on two data lines.")
async def multiline(events: Events, argument: str) -> Events:
    async for event in events:
        yield event.replace(b',"object"', b',\ndata: "object"', 1)


@on_stream("surrogates", "Characters beyond the basic plane come as two escapes in two chunks.")
async def surrogates(events: Events, argument: str) -> Events:
    async for event in events:
        for piece in _halves(event):
            yield piece


def _halves(event: bytes) -> list[bytes]:
    if event == DONE:
        return [event]
    chunk = orjson.loads(event[6:])
    delta = chunk["choices"][0]["delta"] if chunk["choices"] else {}
    text = delta.get("content", "")
    if not any(ord(character) > 0xFFFF for character in text):
        return [event]
    units = text.encode("utf-16-be").hex()
    pieces = []
    for at in range(0, len(units), 4):
        delta["content"] = "HALF"
        pieces.append(frame(chunk).replace(b"HALF", b"\\u" + units[at : at + 4].encode()))
    return pieces


@on_stream("line-separators", "Raw U+2028 and U+0085 inside the JSON of the second event.")
async def line_separators(events: Events, argument: str) -> Events:
    yield await anext(events)
    yield (await anext(events)).replace(b'"content":"', '"content":"\u2028\u0085'.encode(), 1)
    async for event in events:
        yield event


@on_stream("comments", "A comment and a bare data line before every event.")
async def comments(events: Events, argument: str) -> Events:
    async for event in events:
        yield b": keep-alive\n\ndata:\n\n" + event


@on_stream("error", "An error event in mid-stream, then the end.")
async def error(events: Events, argument: str) -> Events:
    async for event in first_of(events, argument):
        yield event
    yield frame(error_body(500, "Simulated failure while answering."))


@on_stream("error-event", "`event: error` with a flat body in mid-stream, then the end.")
async def error_event(events: Events, argument: str) -> Events:
    async for event in first_of(events, argument):
        yield event
    yield b"event: error\n" + frame({"message": "Simulated failure.", "code": "internal_error"})


@on_stream("gzip", "The stream is compressed although nobody asked for it.", {"Content-Encoding": "gzip"})
async def gzipped(events: Events, argument: str) -> Events:
    packer = zlib.compressobj(wbits=31)
    async for event in events:
        yield packer.compress(event) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


@on_stream("plain-type", "The stream has the content type text/plain.", {"Content-Type": "text/plain"})
async def plain_type(events: Events, argument: str) -> Events:
    async for event in events:
        yield event


@on_stream("no-finish", "No chunk carries a finish reason; the field is absent.")
async def no_finish(events: Events, argument: str) -> Events:
    async for event in edited(events, _without_finish):
        yield event


def _without_finish(chunk: dict[str, Any]) -> None:
    for choice in chunk["choices"]:
        choice.pop("finish_reason", None)


@on_stream("odd-finish", "The finish reason is the argument, `content_filter` by default.")
async def odd_finish(events: Events, argument: str) -> Events:
    def change(chunk: dict[str, Any]) -> None:
        for choice in chunk["choices"]:
            choice["finish_reason"] = choice["finish_reason"] and (argument or "content_filter")

    async for event in edited(events, change):
        yield event


@on_stream("usage-everywhere", "Every chunk carries usage: growing, and null on the last.")
async def usage_everywhere(events: Events, argument: str) -> Events:
    seen = 0

    def change(chunk: dict[str, Any]) -> None:
        nonlocal seen
        seen += 1
        finished = any(choice["finish_reason"] for choice in chunk["choices"])
        growing = {"prompt_tokens": 0, "completion_tokens": seen, "total_tokens": seen}
        chunk["usage"] = None if finished else growing

    async for event in edited(events, change):
        yield event


@on_stream("long-line", "One event of as many bytes as the argument says, 40 MB by default.")
async def long_line(events: Events, argument: str) -> Events:
    yield await anext(events)
    yield b"data: "
    for _ in range(int(argument or 40_000_000) // 65_536 + 1):
        yield b"x" * 65_536
    yield b"\n\n"
    async for event in events:
        yield event
