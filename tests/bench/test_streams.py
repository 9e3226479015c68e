"""The paced upstream, the bare relay and the followers, together over real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import pytest

from bench.followers import all_over, follow, get, post
from bench.paced import HEAD, Order, prose
from bench.relay import Page
from bench.upstream import Connection, Server
from rax import Client, Connections

CHUNKS = 40
PER_SECOND = 400.0


@asynccontextmanager
async def upstream(server: Server) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: Connection(server), "127.0.0.1", 0) as listener:
        yield listener.sockets[0].getsockname()[1]


@asynccontextmanager
async def relay(upstream_port: int) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: Page(upstream_port), "127.0.0.1", 0) as listener:
        yield listener.sockets[0].getsockname()[1]


def order(gate: str, index: int = 0, chunks: int = CHUNKS) -> Order:
    return Order(gate, index, chunks, PER_SECOND)


def body(wished: Order) -> bytes:
    return orjson.dumps({"model": wished.model, "stream": True, "messages": []})


def test_an_order_travels_in_a_models_name() -> None:
    assert Order.read(order("gate", 7).model) == order("gate", 7)
    with pytest.raises(ValueError, match="rax"):
        Order.read("rax-4.5")


def test_the_text_is_long_enough_to_have_blocks() -> None:
    assert len(prose()) > 2_000
    assert b"\\n\\n" in b"".join(prose())


async def test_our_client_reads_what_was_ordered() -> None:
    async with upstream(Server()) as port, Connections(allow=["127.0.0.0/8"]) as connections:
        await opened(port, "now")
        client = Client("rax_paced", base_url=f"http://127.0.0.1:{port}/v1", connections=connections)
        assert [model.id for model in (await client.models()).models] == ["paced"]
        asked: dict[str, Any] = {
            "model": order("now").model,
            "messages": [{"role": "user", "content": "hello"}],
        }
        async with client.chat_stream(**asked) as stream:
            texts = [chunk.text async for chunk in stream if chunk.text]
    assert (len(texts), stream.finish_reason, stream.done) == (CHUNKS, "stop", True)


async def test_nothing_is_sent_before_the_gate_is_opened() -> None:
    server = Server()
    async with upstream(server) as port:
        followed = await follow(port, post(port, "/v1/chat/completions", body(order("gate"))))
        while not followed.received_bytes:  # noqa: ASYNC110  it has no event for that
            await asyncio.sleep(0.01)
        stats = server.stats()
        assert (stats["sent"], stats["waiting"], followed.received_bytes) == (0, 1, len(HEAD))
        before = time.monotonic()
        await opened(port, "gate")
        await all_over([followed], seconds=10)
    assert server.stats()["sent"] == CHUNKS
    assert followed.first_written_at is not None
    assert followed.first_arrived_at is not None
    assert before <= followed.first_written_at <= followed.first_arrived_at


async def test_the_relay_passes_every_chunk_on() -> None:
    async with upstream(Server()) as port, relay(port) as relay_port:
        await opened(port, "gate")
        async with httpx.AsyncClient() as client:
            text = (await client.get(f"http://127.0.0.1:{relay_port}/{quote(order('gate').model)}")).text
        followed = await follow(relay_port, get(relay_port, f"/{quote(order('gate', 1).model)}"))
        await all_over([followed], seconds=10)
    assert text.count("\nid: ") + text.startswith("id: ") == CHUNKS
    assert followed.first_token_seconds >= 0


async def test_it_notes_when_a_run_is_left() -> None:
    server = Server()
    async with upstream(server) as port:
        await opened(port, "gate")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(post(port, "/v1/chat/completions", body(order("gate", 3, chunks=100_000))))
        await reader.readuntil(b"data: ")
        left_at = time.monotonic()
        writer.close()
        while "gate/3" not in server.closed:  # noqa: ASYNC110  it has no event for that
            await asyncio.sleep(0.01)
        assert server.closed["gate/3"] >= left_at
        sent = server.sent
        await asyncio.sleep(10 / PER_SECOND)
        assert server.sent == sent


async def test_a_stream_that_is_cut_is_no_result() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD)
        writer.close()

    async with await asyncio.start_server(cut, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        followed = await follow(port, get(port, "/"))
        with pytest.raises(RuntimeError, match="1 of 1"):
            await all_over([followed], seconds=10)
    with pytest.raises(RuntimeError, match="first token"):
        _ = followed.first_token_seconds


async def opened(port: int, gate: str) -> None:
    async with httpx.AsyncClient() as client:
        content = {"gate": gate, "at": time.monotonic(), "gap": 0.0}
        (await client.post(f"http://127.0.0.1:{port}/open", json=content)).raise_for_status()
