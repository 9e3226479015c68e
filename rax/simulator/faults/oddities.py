"""Faults beside the standard: early finish reasons, odd events, errors in odd places, false counts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson

from rax.simulator.errors import error_body
from rax.simulator.faults.registry import on_json, on_stream
from rax.simulator.faults.streams import edited, first_of
from rax.simulator.generation import DONE, frame

Events = AsyncIterator[bytes]
Body = dict[str, Any]

ERROR = orjson.dumps(error_body(500, "Simulated failure while answering.")["error"])
_EARLY = 2  # events: the role and the first word
_HUGE_USAGE = "The prompt has taken as many tokens as the argument says, a million millions by default."


@on_stream(
    "early-finish", "Every chunk says it is the last; after a few comes silence, of 7 s or the argument's."
)
async def early_finish(events: Events, argument: str) -> Events:
    def finish(chunk: Body) -> None:
        for choice in chunk["choices"]:
            choice["finish_reason"] = choice["finish_reason"] or "stop"

    finished = edited(events, finish)
    async for event in first_of(finished, "", _EARLY):
        yield event
    await asyncio.sleep(float(argument or 7))
    async for event in finished:
        yield event


@on_stream("unreadable", "Two events that nobody can read, or the argument's number, come in mid-stream.")
async def unreadable(events: Events, argument: str) -> Events:
    async for event in first_of(events, "", _EARLY):
        yield event
    for number in range(int(argument or 2)):
        yield b"event: metrics\ndata: {broken\n\n" if number % 2 else b"data: ping\n\n"
    async for event in events:
        yield event


@on_stream("after-finish", "Broken JSON and `null` come after the finish reason.")
async def after_finish(events: Events, argument: str) -> Events:
    async for event in events:
        if event == DONE:
            yield b"data: null\n\ndata: {broken\n\n"
        yield event


@on_stream("error-field", "An error in a field of its own in mid-stream, then [DONE].")
async def error_field(events: Events, argument: str) -> Events:
    async for event in first_of(events, "", _EARLY):
        yield event
    yield b"error: " + ERROR + b"\n\n" + DONE


@on_stream("error-vendor", "An error in an object of the vendor's own on the last chunk.")
async def error_vendor(events: Events, argument: str) -> Events:
    def tell(chunk: Body) -> None:
        if any(choice["finish_reason"] for choice in chunk["choices"]):
            chunk["x_vendor"] = {"error": orjson.loads(ERROR)}

    async for event in edited(events, tell):
        yield event


@on_stream("plain-lines", "The chunks come as plain lines of JSON.", {"Content-Type": "application/x-ndjson"})
async def plain_lines(events: Events, argument: str) -> Events:
    async for event in events:
        yield event.removeprefix(b"data: ").rstrip(b"\n") + b"\n"


@on_stream("second-choice", "Another choice comes in between, which nobody asked for.")
async def second_choice(events: Events, argument: str) -> Events:
    async for event in events:
        yield event
        if event != DONE and (choices := orjson.loads(event[6:])["choices"]):
            yield frame(orjson.loads(event[6:]) | {"choices": [choices[0] | {"index": 1}]})


@on_stream("huge-usage", _HUGE_USAGE)
async def huge_usage(events: Events, argument: str) -> Events:
    def exaggerate(chunk: Body) -> None:
        if usage := chunk.get("usage"):
            chunk["usage"] = _huge(usage, argument)

    async for event in edited(events, exaggerate):
        yield event


@on_json("huge-usage", _HUGE_USAGE, "chat")
def huge_usage_whole(body: Body, argument: str) -> Body:
    return body | {"usage": _huge(body["usage"], argument)}


def _huge(usage: Body, argument: str) -> Body:
    prompt = int(argument or 10**12)
    return usage | {"prompt_tokens": prompt, "total_tokens": prompt + usage["completion_tokens"]}


@on_json("as-events", "A whole answer comes as an event stream.", "chat")
def as_events(body: Body, argument: str) -> bytes:
    choice = body["choices"][0]
    pieces = (choice["message"]["content"] or "").splitlines(keepends=True)
    chunks = [_chunk(body, {"content": piece}, None) for piece in pieces]
    last = _chunk(body, {}, choice["finish_reason"]) | {"usage": body["usage"]}
    return b"".join([*map(frame, chunks), frame(last), DONE])


def _chunk(body: Body, delta: Body, finish_reason: str | None) -> Body:
    head = {name: body[name] for name in ("id", "created", "model")}
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return head | {"object": "chat.completion.chunk", "choices": [choice]}
