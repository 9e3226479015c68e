"""A provider's `/usage` and `/models`, 50 ms away; counters grow with every request of a key.

The billing period has only begun: a first poll is spread over the period so far, which is another matter.
"""

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import cast
from zlib import crc32

import httptools
import orjson
import uvloop

DELAY_SECONDS = 0.05
MODELS = ("rax-4.0", "rax-4.5", "rax-4.5-mini", "rax-5.0")
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"


BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=15)
PERIOD = {"period_start": BEGAN.isoformat(), "period_end": (BEGAN + timedelta(days=30)).isoformat()}


def usage(key: bytes, asked: int) -> dict[str, object]:
    """Return the counters of a key that was asked so often. No two keys agree: they would seem to share."""
    used = 1000 * asked + crc32(key) % 1_000_000_000
    breakdown = {model: {"tokens": used * place, "requests": asked} for place, model in enumerate(MODELS, 1)}
    totals = {
        f"total_{metric}": sum(one[metric] for one in breakdown.values()) for metric in ("tokens", "requests")
    }
    return {"object": "usage", **totals, **PERIOD, "breakdown": breakdown}


class Connection(asyncio.Protocol):
    """One client's connection, requests one after the other."""

    def __init__(self, asked: Counter[bytes]) -> None:
        self._asked = asked
        self._url = self._key = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"authorization":
            self._key = value

    def on_message_complete(self) -> None:
        if self._url.endswith(b"/models"):
            models = [{"id": model, "object": "model"} for model in MODELS]
            content: dict[str, object] = {"object": "list", "data": models}
        else:
            self._asked[self._key] += 1
            content = usage(self._key, self._asked[self._key])
        body = orjson.dumps(content)
        asyncio.get_running_loop().call_later(
            DELAY_SECONDS, self._transport.write, ANSWER % (len(body), body)
        )


async def serve(port: int) -> None:
    """Serve on loopback until the process is ended."""
    asked: Counter[bytes] = Counter()
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: Connection(asked), "127.0.0.1", port, backlog=1024)
    await listener.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
