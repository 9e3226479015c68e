"""What the simulated models say beside text, and what is odd about it, as a client of ours reads it."""

import pytest

from rax import Client, Connections, ServerError, ToolCall
from rax.simulator.faults.words import REASONING, REFUSAL
from tests.rax.simulator.conftest import HELLO

WEATHER = ToolCall(0, "call_1", "get_weather", '{"city": "Rome"}')


@pytest.fixture
async def client(server):
    async with Connections(allow=("127.0.0.0/8",)) as connections:
        yield Client("rax_demo_pro", base_url=server.base_url, connections=connections)


def asking(fault: str) -> dict:
    return {
        "model": "rax-4.0",
        "messages": [*HELLO, {"role": "user", "content": f"[[say:Hi]] [[fault:{fault}]]"}],
    }


async def streamed(client, fault: str):
    stream = client.chat_stream(**asking(fault), include_usage=True)
    async with stream:
        async for _ in stream:
            pass
    return stream


@pytest.mark.parametrize(
    ("fault", "said", "finish_reason"),
    [
        ("reasoning", ("Hi", REASONING, "", ()), "stop"),
        ("reasoning:thinking", ("Hi", REASONING, "", ()), "stop"),
        ("refusal", ("", "", REFUSAL, ()), "stop"),
        ("refusal:No.", ("", "", "No.", ()), "stop"),
        ("tool-call", ("", "", "", (WEATHER,)), "tool_calls"),
        ("nothing", ("", "", "", ()), "stop"),
        ("nothing:content_filter", ("", "", "", ()), "content_filter"),
    ],
)
async def test_they_say_more_than_text(client, fault, said, finish_reason):
    for found in (await client.chat(**asking(fault)), await streamed(client, fault)):
        assert (found.text, found.reasoning, found.refusal, found.tool_calls) == said
        assert (found.finish_reason, found.ended_early) == (finish_reason, False)


@pytest.mark.parametrize(
    "fault", ["early-finish:0.1", "after-finish", "plain-lines", "second-choice", "unreadable:3"]
)
async def test_nothing_of_an_odd_stream_is_lost(client, fault):
    stream = await streamed(client, fault)
    assert (stream.text, stream.finish_reason, stream.usage is None) == ("Hi", "stop", False)
    assert stream.unreadable_events == {"unreadable:3": 3, "after-finish": 2}.get(fault, 0)


@pytest.mark.parametrize("fault", ["error-field", "error-vendor"])
async def test_an_error_in_an_odd_place_is_one(client, fault):
    with pytest.raises(ServerError, match="Simulated failure"):
        await streamed(client, fault)


async def test_counts_may_be_false(client):
    for found in (await client.chat(**asking("huge-usage")), await streamed(client, "huge-usage:200000000")):
        assert found.usage is None
        assert found.unbelieved_tokens > 100_000_000


async def test_thinking_is_counted(client):
    for found in (await client.chat(**asking("reasoning")), await streamed(client, "reasoning")):
        assert found.usage.reasoning_tokens > 10


async def test_a_whole_answer_may_come_as_events(client):
    found = await client.chat(**asking("as-events"))
    assert (found.text, found.finish_reason, found.usage is None) == ("Hi", "stop", False)


async def test_a_finish_reason_may_be_missing_altogether(client):
    stream = await streamed(client, "no-finish")
    assert (stream.done, stream.finish_reason_given, stream.ended_early) == (True, False, False)
