"""What a stream is on the socket, and what happens when its reader leaves."""

import asyncio

import httpx
import orjson
import pytest

from rax.simulator import Pace
from tests.rax.simulator.conftest import HELLO

CHAT = "/chat/completions"
STREAM = {"model": "rax-4.0", "messages": HELLO, "stream": True}
ESSAY = STREAM | {"messages": [{"role": "user", "content": "Write 2000 words on cheese"}]}


def events_of(response: httpx.Response) -> list[dict]:
    """The JSON of each event but `[DONE]`, which must come last."""
    lines = [line for line in response.content.split(b"\n") if line]
    assert lines[-1] == b"data: [DONE]"
    return [orjson.loads(line.removeprefix(b"data: ")) for line in lines[:-1]]


async def test_it_sends_role_then_content_then_the_finish_reason(pro):
    response = await pro.post(CHAT, json=STREAM)
    first, *middle, last = events_of(response)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert first["choices"] == [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]
    assert last["choices"] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    assert all(set(chunk["choices"][0]["delta"]) == {"content"} for chunk in middle)
    assert len({chunk["id"] for chunk in (first, *middle, last)}) == 1


@pytest.mark.parametrize(("policy", "seen"), [("accept", 1), ("ignore", 0), ("always", 1)])
async def test_it_sends_usage_as_it_is_told(pro, simulator, policy, seen):
    simulator.settings.stream_usage = policy
    response = await pro.post(CHAT, json=STREAM | {"stream_options": {"include_usage": True}})
    assert sum("usage" in chunk for chunk in events_of(response)) == seen


async def test_it_can_reject_the_wish_for_usage(pro, simulator):
    simulator.settings.stream_usage = "reject"
    response = await pro.post(CHAT, json=STREAM | {"stream_options": {"include_usage": True}})
    assert "stream_options" in response.json()["error"]["message"]


async def test_it_stops_generating_when_the_reader_leaves(pro, simulator):
    simulator.settings.pace = Pace(first_token_seconds=0, chunks_per_second=200)
    async with pro.stream("POST", CHAT, json=ESSAY) as response:
        received = await anext(response.aiter_bytes())
    await ended(simulator)
    (exchange,) = simulator.log
    assert received.startswith(b'data: {"id"')
    assert exchange.outcome == "client_left"
    assert 0 <= exchange.tokens < 1000


async def test_it_counts_only_what_was_generated(pro, simulator):
    simulator.settings.pace = Pace(first_token_seconds=0, chunks_per_second=200)
    async with pro.stream("POST", CHAT, json=ESSAY) as response:
        await anext(response.aiter_bytes())
    await ended(simulator)
    (exchange,) = simulator.log
    usage = (await pro.get("/usage")).json()
    assert usage["total_tokens"] == exchange.tokens + 9  # Write, 2000, words, on, cheese: five, and four


async def test_it_notices_a_reader_that_leaves_a_silent_stream(pro, simulator):
    simulator.settings.faults = "stall:1"
    async with pro.stream("POST", CHAT, json=STREAM) as response:
        await anext(response.aiter_bytes())
    await ended(simulator)
    assert [exchange.outcome for exchange in simulator.log] == ["client_left"]


async def test_an_answer_is_whole_though_its_reader_leaves_with_the_last_event(pro, simulator):
    simulator.settings.pace = Pace(first_token_seconds=0, chunks_per_second=50)
    async with pro.stream("POST", CHAT, json=STREAM | {"max_tokens": 2}) as response:
        async for received in response.aiter_bytes():
            if b"[DONE]" in received:
                break
    await ended(simulator)
    assert [exchange.outcome for exchange in simulator.log] == ["answered"]


async def ended(simulator) -> None:
    async with asyncio.timeout(5):
        while simulator.log.open():  # noqa: ASYNC110 - the log is plain data
            await asyncio.sleep(0.005)
