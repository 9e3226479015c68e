"""A real forward proxy: it tunnels what is to be encrypted, and passes on what is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.rax.conftest import listening


@dataclass
class ForwardProxy:
    """Notes the first line and the headers of all that it is asked; `refuses` is a status for everybody."""

    port: int = 0
    refuses: int = 0
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        self.asked.append(first)
        self.headers.append(
            {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        )
        if self.refuses:
            writer.write(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % self.refuses)
            writer.close()
            return
        method, target, _ = first.split(" ")
        url = urlsplit(f"//{target}" if method == "CONNECT" else target)
        there = await asyncio.open_connection(url.hostname, url.port)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            kept = [line for line in lines if not line.lower().startswith("proxy-")]
            there[1].write("\r\n".join([f"{method} {url.path} HTTP/1.1", *kept, "", ""]).encode())
        await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, until it ends on either side."""
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def serving(**options) -> AsyncIterator[ForwardProxy]:
    """Yield a proxy that is there."""
    proxy = ForwardProxy(**options)
    async with listening(proxy.serve) as proxy.port:
        yield proxy
