"""What has come of a body is at hand without waiting, where aiohttp's transport reads it."""

import asyncio

import pytest

from rax._addresses import AllowedAddresses
from rax._transport import Transport
from tests.rax.conftest import HOLD, ScriptedServer
from tests.rax.wire import stream_head


@pytest.mark.parametrize("stock", [False, True], ids=["aiohttp", "stock httpx"])
async def test_bytes_that_came_are_ready(server: ScriptedServer, *, stock: bool) -> None:
    """httpx-aiohttp keeps aiohttp's answer under a private name, `_aiohttp_response`. Should a version call
    it otherwise, nothing breaks, but every chunk of a stream costs several times as much: look for it there.
    """
    server.answers = [[stream_head(), b"data: 1\n\n", HOLD]]
    pool = Transport(AllowedAddresses(["127.0.0.0/8"]), proxy=None, per_host=1, total=1, stock=stock)
    answer = await pool.send("GET", server.base_url, headers={}, body=None, connect_seconds=5)
    came = b""
    for _ in range(1 if stock else 1_000):
        if came := answer.ready():
            break
        await asyncio.sleep(0.01)
    assert came == (b"" if stock else b"data: 1\n\n")
    await answer.aclose()
    await pool.aclose()
