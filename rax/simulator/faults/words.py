"""What a model says beside its text, or in place of it: thinking, a refusal, a tool call, nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import orjson

from rax.simulator.faults.registry import on_json, on_stream
from rax.simulator.faults.streams import edited
from rax.simulator.generation import DONE, frame
from rax.simulator.tokens import count_tokens, split_tokens

Events = AsyncIterator[bytes]
Body = dict[str, Any]

REASONING = "First I read the question. Then I weigh what speaks for each answer, and take the simplest one."
REFUSAL = "I can't help with that."
TOOL = "get_weather"
_PIECE_SECONDS = 0.02

_REASONING = "The model thinks before it answers, in `reasoning_content` or in the argument's field."
_REFUSAL = "The model refuses, in the field `refusal`, with the argument's words."
_TOOL_CALL = "The model asks for a tool, `get_weather` or the argument's, in place of an answer."
_NOTHING = "The model says nothing and finishes; the argument is its finish reason, `stop` by default."


def _delta(event: bytes) -> Body:
    """What a chunk says; empty for `[DONE]` and for usage alone."""
    choices = [] if event == DONE else orjson.loads(event[6:])["choices"]
    return choices[0]["delta"] if choices else {}


async def _after_role(events: Events, deltas: Iterable[Body]) -> Events:
    """The first event, which gives the role, and one for each of these deltas."""
    role = await anext(events)
    yield role
    for delta in deltas:
        chunk = orjson.loads(role[6:])
        chunk["choices"][0]["delta"] = delta
        yield frame(chunk)
        await asyncio.sleep(_PIECE_SECONDS)


async def _in_place_of_text(events: Events, deltas: list[Body], finish_reason: str | None) -> Events:
    """A stream that says these deltas and no text, and finishes for this reason."""

    def finish(chunk: Body) -> None:
        for choice in chunk["choices"]:
            choice["finish_reason"] = choice["finish_reason"] and (finish_reason or choice["finish_reason"])

    async for event in _after_role(events, deltas):
        yield event
    async for event in edited(events, finish):
        if "content" not in _delta(event):
            yield event


def _said(body: Body, message: Body, finish_reason: str | None = None) -> Body:
    """A whole answer whose message says this as well."""
    choice = body["choices"][0]
    reason = finish_reason or choice["finish_reason"]
    changed = choice | {"message": choice["message"] | message, "finish_reason": reason}
    return body | {"choices": [changed]}


@on_stream("reasoning", _REASONING)
async def reasoning(events: Events, argument: str) -> Events:
    deltas = ({argument or "reasoning_content": piece} for piece in split_tokens(REASONING))
    async for event in _after_role(events, deltas):
        yield event
    async for event in edited(events, _with_details):
        yield event


@on_json("reasoning", _REASONING, "chat")
def reasoning_whole(body: Body, argument: str) -> Body:
    changed = _said(body, {argument or "reasoning_content": REASONING})
    _with_details(changed)
    return changed


def _with_details(chunk: Body) -> None:
    if usage := chunk.get("usage"):
        chunk["usage"] = usage | {"completion_tokens_details": {"reasoning_tokens": count_tokens(REASONING)}}


@on_stream("refusal", _REFUSAL)
async def refusal(events: Events, argument: str) -> Events:
    deltas = [{"content": None, "refusal": piece} for piece in split_tokens(argument or REFUSAL)]
    async for event in _in_place_of_text(events, deltas, None):
        yield event


@on_json("refusal", _REFUSAL, "chat")
def refusal_whole(body: Body, argument: str) -> Body:
    return _said(body, {"content": None, "refusal": argument or REFUSAL})


def _call(name: str, arguments: str) -> Body:
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


@on_stream("tool-call", _TOOL_CALL)
async def tool_call(events: Events, argument: str) -> Events:
    deltas: list[Body] = [
        {"content": None, "tool_calls": [{"index": 0, **_call(argument or TOOL, "")}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": '{"city":'}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": ' "Rome"}'}}]},
    ]
    async for event in _in_place_of_text(events, deltas, "tool_calls"):
        yield event


@on_json("tool-call", _TOOL_CALL, "chat")
def tool_call_whole(body: Body, argument: str) -> Body:
    calls = [_call(argument or TOOL, '{"city": "Rome"}')]
    return _said(body, {"content": None, "tool_calls": calls}, "tool_calls")


@on_stream("nothing", _NOTHING)
async def nothing(events: Events, argument: str) -> Events:
    async for event in _in_place_of_text(events, [], argument):
        yield event


@on_json("nothing", _NOTHING, "chat")
def nothing_whole(body: Body, argument: str) -> Body:
    return _said(body, {"content": ""}, argument)
