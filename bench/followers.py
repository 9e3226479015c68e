"""Followers: they read event streams as pages do, at next to no cost, and note when the first token came."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import cast

STAMP = re.compile(rb"t(\d{12,})t")
# The relay and the upstream say [DONE], our own streams say `closed`: before that, nothing is whole.
ENDS = (b"data: [DONE]\n\n", b"event: closed\n")
KEPT_BYTES = 64


@dataclass(slots=True)
class Followed:
    """What came of one stream. Seconds of the steady clock; `first_written_at` is the upstream's own word."""

    asked_at: float = 0.0
    first_written_at: float | None = None
    first_arrived_at: float | None = None
    received_bytes: int = 0
    # When each stamp that came was read first, by when it was written; of who keeps them.
    stamps: dict[int, float] | None = None
    is_whole: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def first_token_seconds(self) -> float:
        """How long the first token was on its way. Raises `RuntimeError` where none came."""
        if self.first_written_at is None or self.first_arrived_at is None:
            raise RuntimeError("a stream ended before its first token came")
        return self.first_arrived_at - self.first_written_at

    @property
    def chunk_seconds(self) -> list[float]:
        """How long each stamped chunk was on its way."""
        return [at - written / 1e9 for written, at in (self.stamps or {}).items()]


class Follower(asyncio.Protocol):
    """One request and its stream."""

    def __init__(self, request: bytes, followed: Followed) -> None:
        self._request = request
        self._followed = followed
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._followed.asked_at = time.monotonic()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        followed = self._followed
        followed.received_bytes += len(data)
        seen = self._tail + data
        if followed.first_arrived_at is None and (stamp := STAMP.search(seen)):
            followed.first_arrived_at = time.monotonic()
            followed.first_written_at = int(stamp[1]) / 1e9
        if followed.stamps is not None:
            for found in STAMP.finditer(seen):
                followed.stamps.setdefault(int(found[1]), time.monotonic())
        if any(end in seen for end in ENDS):
            followed.is_whole = True
            self._transport.close()
        self._tail = seen[-KEPT_BYTES:]

    def connection_lost(self, exc: Exception | None) -> None:
        self._followed.over.set()


async def follow(port: int, request: bytes, *, keeps_stamps: bool = False) -> Followed:
    """Send a request to a port of this machine and begin to follow what it answers."""
    followed = Followed(stamps={} if keeps_stamps else None)
    loop = asyncio.get_running_loop()
    await loop.create_connection(lambda: Follower(request, followed), "127.0.0.1", port)
    return followed


async def all_over(streams: list[Followed], seconds: float) -> None:
    """Wait until all streams are over; raise where one was cut, or takes longer than so many seconds."""
    async with asyncio.timeout(seconds):
        for followed in streams:
            await followed.over.wait()
    if cut := sum(not followed.is_whole for followed in streams):
        raise RuntimeError(f"{cut} of {len(streams)} streams ended before their end")


def get(port: int, target: str, cookie: str = "") -> bytes:
    """Return a GET request as bytes."""
    cookies = f"cookie: {cookie}\r\n" if cookie else ""
    return (
        f"GET {target} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept: text/event-stream\r\n{cookies}\r\n"
    ).encode()


def post(port: int, target: str, body: bytes) -> bytes:
    """Return a POST request with a JSON body as bytes."""
    head = f"POST {target} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
