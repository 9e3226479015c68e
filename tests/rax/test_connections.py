"""Pools and the loops they belong to."""

import asyncio
import gc
import warnings

import pytest

from rax import Client, Connections, MisuseError
from tests.rax.conftest import KEY, ScriptedServer, listening
from tests.rax.wire import MODELS, answer


@pytest.fixture(params=[False, True], ids=["aiohttp", "stock httpx"])
def connections(request) -> Connections:
    return Connections(allow=["127.0.0.0/8"], stock_httpx=request.param)


async def ask(connections: Connections) -> int:
    """Ask a server of this loop, and leave a connection open to it."""
    server = ScriptedServer(answers=[answer(MODELS)])
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    found = len(await Client(KEY, base_url=server.base_url, connections=connections).models())
    listener.close()
    return found


def test_connections_of_a_loop_that_is_closed_are_replaced(connections):
    with warnings.catch_warnings():
        # Nobody closed them in time, and Python says so of the sockets; of the pool nothing is to be said.
        warnings.filterwarnings("ignore", "unclosed (<socket|transport)", ResourceWarning)
        try:
            found = [asyncio.run(ask(connections)) for _ in range(3)]
            asyncio.run(connections.aclose())
        except MisuseError:
            found = []
            connections._transport.abandon()  # or else it would be said of the pool too
        gc.collect()
    assert found == [1, 1, 1]


def test_closing_after_the_loop_is_closed_is_no_error(connections):
    async def open_it() -> None:
        connections.transport()

    asyncio.run(open_it())
    asyncio.run(connections.aclose())
    gc.collect()


async def test_connections_of_another_loop_that_runs_say_so(connections):
    connections.transport()

    async def elsewhere() -> None:
        connections.transport()

    for use in (elsewhere, connections.aclose):
        with pytest.raises(MisuseError, match="another event loop"):
            await asyncio.to_thread(asyncio.run, use())
    await connections.aclose()


class Local(Connections):
    def __init__(self) -> None:
        super().__init__(allow=["127.0.0.0/8"])


async def test_a_client_that_is_closed_between_two_attempts_asks_no_more(monkeypatch):
    waits = asyncio.Event()

    def wait(*_) -> float:
        waits.set()
        return 0.01

    monkeypatch.setattr("rax._client.Connections", Local)
    monkeypatch.setattr("rax._wire._wait_before_retry", wait)
    server = ScriptedServer(answers=[answer(b"", 503)])
    async with listening(server.serve) as server.port:
        client = Client(KEY, base_url=server.base_url)
        asking = asyncio.create_task(client.models())
        await waits.wait()
        await client.aclose()
        with pytest.raises(MisuseError):
            await asking
    assert len(server.requests) == 1
