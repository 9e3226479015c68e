"""The reference: a bare asyncio relay that parses and escapes each chunk and writes an HTML message.

It does the least that a Python process can do between such an API and a page: no sessions, no log, no
Markdown, one reader for each stream. `GET /<model>` is answered with the run of that model.
"""

import asyncio
import html
import sys
from typing import cast
from urllib.parse import unquote

import httptools
import orjson
import uvloop

from bench.paced import HEAD, LAST, framed

REQUEST = (
    b"POST /v1/chat/completions HTTP/1.1\r\nhost: upstream\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\n\r\n%b"
)


class Upstream(asyncio.Protocol):
    """The connection to the API: events in, messages out to the page."""

    def __init__(self, model: str, page: asyncio.WriteTransport) -> None:
        self._model = model
        self._page = page
        self._rest = b""
        self._number = 0
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        body = orjson.dumps({"model": self._model, "stream": True, "messages": []})
        self._transport.write(REQUEST % (len(body), body))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        *events, self._rest = (self._rest + body).split(b"\n\n")
        for event in events:
            if event == b"data: [DONE]":
                self._page.write(framed(event + b"\n\n"))
            elif text := orjson.loads(event[6:])["choices"][0]["delta"].get("content"):
                self._send(text)

    def on_message_complete(self) -> None:
        self._page.write(LAST)
        self._page.close()
        self._transport.close()

    def _send(self, text: str) -> None:
        self._number += 1
        lines = "\ndata: ".join(html.escape(text).split("\n"))
        self._page.write(framed(f"id: {self._number}\ndata: <span>{lines}</span>\n\n".encode()))


class Page(asyncio.Protocol):
    """A page's connection: one request, one stream."""

    def __init__(self, upstream_port: int) -> None:
        self._upstream_port = upstream_port
        self._opening: asyncio.Task[object] | None = None
        self._parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._transport.write(HEAD)
        model, loop = unquote(url.decode()).removeprefix("/"), asyncio.get_running_loop()
        self._opening = loop.create_task(
            loop.create_connection(lambda: Upstream(model, self._transport), "127.0.0.1", self._upstream_port)
        )


async def serve(port: int, upstream_port: int) -> None:
    """Serve on loopback until the process is ended."""
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: Page(upstream_port), "127.0.0.1", port)
    await listener.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2])))
