"""Thinking, refusals and tool calls, wherever servers put them: in streams and in whole answers alike."""

import json
import pickle
from typing import Any

import pytest

from rax import ToolCall
from tests.rax.conftest import KEY
from tests.rax.parser.test_shapes import END, HALF_AN_EMOJI, STOP, parser
from tests.rax.wire import ASK, CHAT, answer, chunked, event


def said(*messages: dict[str, Any], **more: Any) -> bytes:
    """A stream whose deltas are these."""
    return b"".join([event({"choices": [{"index": 0, "delta": message, **more}]}) for message in messages])


def read(data: bytes):
    """What a stream said, and as its chunks: the same, however it is cut."""
    reading = parser()
    chunks = reading.feed(data) + reading.finish()
    assert reading.error is None
    choice = reading.transcript.answer
    found = (choice.text.text, choice.reasoning.text, choice.refusal.text, choice.tools.whole())
    assert "".join(chunk.text for chunk in chunks) == found[0]
    assert "".join(chunk.reasoning for chunk in chunks) == found[1]
    assert "".join(chunk.refusal for chunk in chunks) == found[2]
    return found


MESSAGES: dict[str, tuple[dict[str, Any], tuple[str, str, str]]] = {
    "reasoning_content": ({"content": None, "reasoning_content": "hm"}, ("", "hm", "")),
    "reasoning": ({"content": "", "reasoning": "hm"}, ("", "hm", "")),
    "thinking": ({"thinking": "hm", "content": "Hi"}, ("Hi", "hm", "")),
    "reasoning_text": ({"reasoning_text": "hm"}, ("", "hm", "")),
    "reasoningText": ({"reasoningText": "hm", "content": "Hi"}, ("Hi", "hm", "")),
    "chain_of_thought": ({"chain_of_thought": "hm"}, ("", "hm", "")),
    "parts inside": ({"content": {"parts": [{"text": "Hi"}]}}, ("Hi", "", "")),
    "reasoning twice": ({"reasoning": "hm", "reasoning_content": "hm"}, ("", "hm", "")),
    "reasoning and its details": (
        {"reasoning": "hm", "reasoning_details": [{"type": "reasoning.text", "text": "hm"}]},
        ("", "hm", ""),
    ),
    "details alone": (
        {"reasoning": None, "reasoning_details": [{"type": "reasoning.summary", "summary": "hm"}]},
        ("", "hm", ""),
    ),
    "details that are hidden": (
        {"content": "Hi", "reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}]},
        ("Hi", "", ""),
    ),
    "thinking blocks": (
        {"thinking_blocks": [{"type": "thinking", "thinking": "hm", "signature": "x"}]},
        ("", "hm", ""),
    ),
    "an object": ({"reasoning": {"content": "hm"}}, ("", "hm", "")),
    "a part with parts": (
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}], "closed": True}]},
        ("", "hm", ""),
    ),
    "parts of both": (
        {"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Hi"}]},
        ("Hi", "hm", ""),
    ),
    "a part of reasoning": ({"content": [{"type": "reasoning", "text": "hm"}, "Hi"]}, ("Hi", "hm", "")),
    "a part of summaries": (
        {"content": [{"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]}]},
        ("", "hm", ""),
    ),
    "one part alone": ({"content": {"type": "text", "text": "Hi"}}, ("Hi", "", "")),
    "a part of another type": ({"content": [{"type": "output_text", "text": "Hi"}]}, ("Hi", "", "")),
    "a thought beside": (
        {"content": "hm", "extra_content": {"google": {"thought": True}}},
        ("", "hm", ""),
    ),
    "a refusal": (
        {"content": None, "refusal": "I can't help with that."},
        ("", "", "I can't help with that."),
    ),
    "a refusal as a part": ({"content": [{"type": "refusal", "refusal": "No."}]}, ("", "", "No.")),
    "nothing": ({"role": "assistant", "content": None, "refusal": None, "reasoning": None}, ("", "", "")),
    "nonsense": ({"content": 7, "reasoning": True, "refusal": 1, "tool_calls": "x"}, ("", "", "")),
}


@pytest.mark.parametrize("message", MESSAGES)
async def test_it_tells_apart_what_is_said(server, client, message):
    value, expected = MESSAGES[message]
    assert read(said(value) + STOP + END)[:3] == expected
    server.answers = [answer({**CHAT, "choices": [{"message": value, "finish_reason": "stop"}]})]
    whole = await client.chat(**ASK)
    assert (whole.text, whole.reasoning, whole.refusal) == expected


def call(index: int | None = None, /, **function: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"function": function} if index is None else {"index": index, "function": function}
    return {"tool_calls": [told]}


def named(told: dict[str, Any], identifier: str) -> dict[str, Any]:
    return {"tool_calls": [{**item, "id": identifier} for item in told["tool_calls"]]}


WEATHER = ToolCall(0, "c1", "get_weather", '{"city": "Rome"}')
NO_ID = WEATHER._replace(id=None)
CALLS: dict[str, tuple[list[dict[str, Any]], tuple[ToolCall, ...]]] = {
    "pieces": (
        [
            named(call(0, name="get_weather", arguments=""), "c1"),
            call(0, arguments='{"city"'),
            call(0, arguments=': "Rome"}'),
        ],
        (WEATHER,),
    ),
    "a name with every piece": (
        [
            named(call(0, name="get_weather", arguments='{"city"'), "c1"),
            named(call(0, name="get_weather", arguments=': "Rome"}'), "c1"),
        ],
        (WEATHER,),
    ),
    "a name in pieces": (
        [named(call(0, name="get_"), "c1"), call(0, name="weather", arguments='{"city": "Rome"}')],
        (WEATHER,),
    ),
    "no index": (
        [named(call(name="get_weather", arguments='{"city"'), "c1"), call(arguments=': "Rome"}')],
        (WEATHER,),
    ),
    "two at once": (
        [
            {
                "tool_calls": [
                    {"index": 0, "id": "c1", "function": {"name": "get_weather", "arguments": '{"city"'}},
                    {"index": 1, "id": "c2", "function": {"name": "get_time", "arguments": "{"}},
                ]
            },
            call(1, arguments="}"),
            call(0, arguments=': "Rome"}'),
        ],
        (WEATHER, ToolCall(1, "c2", "get_time", "{}")),
    ),
    "two under one index": (
        [
            named(call(0, name="get_weather", arguments='{"city": "Rome"}'), "c1"),
            named(call(0, name="get_time", arguments="{"), "c2"),
            call(0, arguments="}"),
        ],
        (WEATHER, ToolCall(1, "c2", "get_time", "{}")),
    ),
    "two without index and id": (
        [call(name="get_weather", arguments='{"city": "Rome"}') | {"content": ""}, call(name="get_time")],
        (NO_ID, ToolCall(1, None, "get_time", "")),
    ),
    "an object of arguments": (
        [call(name="get_weather", arguments={"city": "Rome"})],
        (NO_ID._replace(arguments='{"city":"Rome"}'),),
    ),
    "one that is no list": (
        [{"tool_calls": {"id": "c1", "function": {"name": "get_weather", "arguments": '{"city": "Rome"}'}}}],
        (WEATHER,),
    ),
    "the older way": (
        [
            {"content": None, "function_call": {"name": "get_weather", "arguments": ""}},
            {"function_call": {"arguments": '{"city"'}},
            {"function_call": {"arguments": ': "Rome"}'}},
        ],
        (NO_ID,),
    ),
    "a part of the content": (
        [{"content": [{"type": "tool_use", "id": "c1", "name": "get_weather", "input": {}}]}],
        (WEATHER._replace(arguments=""),),
    ),
    "of one's own": (
        [
            {
                "tool_calls": [
                    {"index": 0, "id": "c1", "type": "custom", "custom": {"name": "run", "input": "ls"}}
                ]
            }
        ],
        (ToolCall(0, "c1", "run", "ls"),),
    ),
}


@pytest.mark.parametrize("shape", CALLS)
def test_it_puts_tool_calls_together(shape):
    deltas, expected = CALLS[shape]
    data = said(*deltas) + said({}, finish_reason="tool_calls") + END
    assert read(data) == ("", "", "", expected)
    reading = parser()
    pieces = [piece for cut in range(0, len(data), 50) for piece in reading.feed(data[cut : cut + 50])]
    assert "".join(one.arguments for chunk in pieces for one in chunk.tool_calls if one.index == 0) == (
        expected[0].arguments
    )


@pytest.mark.parametrize(
    "shape", ["one that is no list", "two without index and id", "an object of arguments"]
)
async def test_a_whole_answer_asks_for_tools_too(server, client, shape):
    message, expected = CALLS[shape][0][0], CALLS[shape][1][0]
    server.answers = [answer({**CHAT, "choices": [{"message": message, "finish_reason": "tool_calls"}]})]
    whole = await client.chat(**ASK)
    assert (whole.tool_calls, whole.finish_reason, whole.text) == ((expected,), "tool_calls", "")


def test_calls_without_end_are_bounded():
    reading = parser()
    for start in range(0, 3000, 100):
        reading.feed(
            said({"tool_calls": [{"index": start + at, "function": {"name": "a"}} for at in range(100)]})
        )
    assert len(reading.transcript.answer.tools.whole()) == 1000


def test_pieces_of_calls_in_one_event_are_bounded():
    pieces = [{"index": 0, "id": f"c{number}", "function": {"arguments": "x"}} for number in range(3_000)]
    calls = read(said({"tool_calls": pieces}) + STOP + END)[3]
    assert [calls[0].id, calls[-1].id, len(calls)] == ["c0", "c999", 1_000]
    again = [{"index": 0, "function": {"arguments": "x"}}] * 3_000
    assert read(said({"tool_calls": again}) + STOP + END)[3][0].arguments == "x" * 1_000


@pytest.mark.parametrize("field", ["content", "reasoning_content", "refusal"])
def test_half_an_emoji_waits_for_its_other_half_wherever_it_is_said(field):
    halves = [(HALF_AN_EMOJI % half).replace(b"content", field.encode()) for half in (b"\\ud83d", b"\\ude00")]
    assert "".join(read(b"".join(halves) + STOP + END)[:3]) == "😀"


@pytest.mark.parametrize("field", ["content", "reasoning", "refusal"])
def test_the_key_is_nowhere_in_what_is_said(field):
    found = read(said({field: f"It is {KEY[:9]}"}, {field: f"{KEY[9:]}."}) + STOP + END)
    assert "".join(found[:3]) == "It is ***."


def test_the_key_is_not_in_arguments():
    halves = [call(0, name=KEY, arguments=f"[{KEY[:9]}"), call(0, arguments=f"{KEY[9:]}]")]
    assert read(said(*halves) + STOP + END)[3] == (ToolCall(0, None, "***", "[***]"),)


@pytest.mark.parametrize("at", [7, 9, 14])
def test_the_key_is_in_no_name_of_a_tool_that_comes_in_pieces(at):
    pieces = [call(0, name=KEY[start : start + at]) for start in range(0, len(KEY), at)]
    whole = read(said(*pieces) + STOP + END)[3]
    assert whole[0].name == f"{KEY[:at] if at < 8 else ''}***"


def test_the_whole_name_has_it_in_no_encoding():
    pieces = [call(0, name=KEY.upper()[start : start + 7]) for start in range(0, len(KEY), 7)]
    assert read(said(*pieces) + STOP + END)[3][0].name == "***"


def test_a_name_without_end_is_cut():
    pieces = [call(0, name=f"{number}") for number in range(1_000)]
    assert len(read(said(*pieces) + STOP + END)[3][0].name) == 200


async def test_a_stream_tells_all_of_it(server, client):
    deltas = [{"reasoning": "hm"}, {"refusal": "No."}, CALLS["pieces"][0][0]]
    server.answers = [chunked(said(*deltas, finish_reason=None), STOP, END)]
    async with client.chat_stream(**ASK) as stream:
        chunks = [chunk async for chunk in stream]
    assert (stream.reasoning, stream.refusal, stream.text) == ("hm", "No.", "")
    assert stream.tool_calls == (ToolCall(0, "c1", "get_weather", ""),)
    assert (stream.finish_reason_given, stream.unreadable_events) == (True, 0)
    assert [json.loads(chunk.raw)["choices"][0]["delta"] for chunk in chunks[:3]] == deltas


async def test_what_was_received_shows_no_key(server, client):
    server.answers = [chunked(said({"content": "Hi", "note": KEY}), STOP, END), answer({**CHAT, "note": KEY})]
    async with client.chat_stream(**ASK) as stream:
        chunk = await anext(stream)
    assert (chunk.text, '"***"' in chunk.raw, KEY in repr(chunk)) == ("Hi", True, False)
    assert KEY.encode() not in pickle.dumps(chunk)
    assert '"***"' in (await client.chat(**ASK)).raw
