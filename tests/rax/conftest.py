"""A real TCP server that says exactly what a test tells it to, and clients of it."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from rax import Client, Connections

KEY = "rax_secret_key_4711"
CUT = object()  # the server resets the connection
HOLD = object()  # the server says nothing more until the client leaves


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class ScriptedServer:
    """Answers the n-th request with the n-th of `answers`: bytes, or a list of bytes, seconds, CUT and HOLD.

    The last answer serves all further requests. A connection stays open after bytes, which must say how
    long they are, and is closed after a list. `asked` is set when a request has come, `left` when a client
    went away during HOLD.
    """

    port: int = 0
    answers: list = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while (request := await self._read_request(reader)) and await self._play(request, reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _read_request(self, reader: asyncio.StreamReader) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return Request(method, path, headers, body)

    async def _play(self, request: Request, reader, writer) -> bool:
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        self.asked.set()
        for step in [answer] if isinstance(answer, bytes) else answer:
            if step is CUT:
                linger = struct.pack("ii", 1, 0)  # closing now resets the connection
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
                return False
            if step is HOLD:
                await reader.read()
                self.left.set()
                return False
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            else:
                await asyncio.sleep(step)
        return isinstance(answer, bytes)


@asynccontextmanager
async def listening(serve: Callable, **options) -> AsyncIterator[int]:
    """Yield the port at which `serve` is called with each connection; in the end all are closed."""
    listener = await asyncio.start_server(serve, "127.0.0.1", 0, **options)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        listener.close_clients()
        await listener.wait_closed()


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    scripted = ScriptedServer()
    async with listening(scripted.serve) as scripted.port:
        yield scripted


@pytest.fixture(params=["aiohttp", "stock httpx"])
async def connections(request: pytest.FixtureRequest) -> AsyncIterator[Connections]:
    """Every story over a real socket is told with both transports."""
    async with Connections(allow=("127.0.0.0/8",), stock_httpx=request.param == "stock httpx") as pool:
        yield pool


@pytest.fixture
def client(server: ScriptedServer, connections: Connections) -> Client:
    return Client(KEY, base_url=server.base_url, connections=connections)


@pytest.fixture
def make_client(server: ScriptedServer, connections: Connections) -> Callable[..., Client]:
    def make(**options) -> Client:
        return Client(KEY, **{"base_url": server.base_url, "connections": connections, **options})

    return make
