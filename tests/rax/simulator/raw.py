"""One request on a bare socket: what a server really sent, before any client made sense of it."""

import asyncio
from urllib.parse import urlsplit

import orjson

from tests.rax.simulator.conftest import HELLO

STREAM = {"model": "rax-4.0", "messages": HELLO, "stream": True}


class Raw:
    """One answer read from a socket until the server closes it or falls silent."""

    def __init__(self, received: bytes) -> None:
        self.received = received
        head, _, rest = received.partition(b"\r\n\r\n")
        self.head = head.decode()
        self.status = int(self.head.split()[1])
        self.body, self.complete = _unchunk(rest) if "chunked" in self.head else (rest, True)


def _unchunk(rest: bytes) -> tuple[bytes, bool]:
    """The body of a chunked answer, and whether its last chunk came."""
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            return body, True
        body, rest = body + rest[:length], rest[length + 2 :]
    return body, False


async def ask(server, fault: str, request: dict | None = None, path: str = "/chat/completions") -> Raw:
    payload = orjson.dumps(request) if request else b""
    lines = [
        f"{'POST' if request else 'GET'} /api/v1{path} HTTP/1.1",
        "Host: simulator",
        "Authorization: Bearer rax_demo_pro",
        f"X-Simulate: {fault}",
        f"Content-Length: {len(payload)}",
        "Connection: close",
    ]
    address = urlsplit(server.base_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + payload)
        return Raw(await _until_silence(reader))
    finally:
        writer.close()


async def _until_silence(reader: asyncio.StreamReader) -> bytes:
    received = b""
    try:
        async with asyncio.timeout(2):
            while block := await reader.read(1 << 20):
                received += block
                if received.count(b": keep-alive") > 2 and b"[DONE]" not in received:
                    break
    except TimeoutError:
        pass
    return received


def saying(text: str) -> dict:
    return STREAM | {"messages": [{"role": "user", "content": f"[[say:{text}]]"}]}
