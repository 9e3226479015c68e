from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio

from rax.simulator import INSTANT, ManualClock, Server, Settings, Simulator, serve

NOON = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
HELLO: list[Any] = [{"role": "user", "content": "Hello"}]


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(settings=Settings(pace=INSTANT), clock=ManualClock(NOON))


@pytest_asyncio.fixture
async def server(simulator: Simulator) -> AsyncIterator[Server]:
    async with serve(simulator, control=True) as running:
        yield running


@pytest_asyncio.fixture
async def pro(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(server, "rax_demo_pro") as client:
        yield client


@pytest_asyncio.fixture
async def free(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(server, "rax_demo_free") as client:
        yield client


def _client(server: Server, key: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.AsyncClient(base_url=server.base_url, headers=headers, trust_env=False)
