"""Bodies of requests, received before anybody answers: bounded in size and in time, whatever they are for.

Django takes a whole body, and keeps a large one on disk, before it looks at host, login or method; what
answers beside Django never takes one. So it is received here, for all of them, and handed on whole. A request
without a body passes as it is. All bodies that are here at once are bounded too: where they are too many, the
largest of those that are still coming goes.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings

from common.asgi import Receive, Scope, Send
from raxdash.http.refusals import refuse

logger = logging.getLogger(__name__)

# After a refusal what still comes is thrown away for so long: a connection closed in the face of somebody who
# is sending is reset, and the words are lost with it.
LINGER_SECONDS = 2.0


# Of all bodies at once, as they come, and until they are answered. Small ones are always taken.
MOST_AT_ONCE = 64_000_000
SMALL = 64 * 1024
# Where files of history are sent to, and what stands around a file.
FRAME = 16 * 1024
HISTORY = re.compile(r"/t/[^/]+/usage/imports/new/")


class Refused(Exception):
    """The body is not taken; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """Whoever sent the body has left before its end."""


class Body:
    """What has come of one body."""

    # All of the process.
    here: set["Body"] = set()

    def __init__(self, most: int) -> None:
        self.content, self.most = bytearray(), most
        self.size = 0  # also once the content was handed on
        self.deadline = asyncio.timeout(settings.BODY_TIMEOUT_SECONDS)
        self.is_whole = self.is_refused = False

    def add(self, piece: bytes) -> None:
        """Take a piece; raise `Refused` where that is more than a body may be, or all of them together."""
        if self.is_refused:
            raise Refused(503)
        self.content += piece
        self.size = len(self.content)
        if self.size > self.most:
            raise Refused(413)
        if sum(body.size for body in self.here) > max(MOST_AT_ONCE, 2 * max(body.most for body in self.here)):
            self.make_room()

    def make_room(self) -> None:
        """Refuse the largest of those that still come."""
        largest = max((body for body in self.here if not body.is_whole), key=lambda body: body.size)
        if largest.size <= SMALL:
            return
        largest.is_refused = True
        largest.drop()
        if largest is self:
            raise Refused(503)
        if not largest.deadline.expired():
            largest.deadline.reschedule(asyncio.get_running_loop().time())

    def drop(self) -> None:
        """Keep nothing of it."""
        self.content, self.size = bytearray(), 0


def most_of(scope: Scope) -> int:
    """How large a body may be: a file of history may be larger than everything else."""
    is_history = scope["method"] == "POST" and HISTORY.fullmatch(scope["path"])
    return (
        max(settings.MAX_IMPORT_BYTES + FRAME, settings.MAX_BODY_BYTES)
        if is_history
        else settings.MAX_BODY_BYTES
    )


@asynccontextmanager
async def received(scope: Scope, receive: Receive, send: Send) -> AsyncIterator[Receive | None]:
    """Take the request's body; yield what hands it on, or None where the request is over."""
    headers = dict(scope["headers"])
    if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
        yield receive
        return
    body = Body(most_of(scope))
    Body.here.add(body)
    try:
        yield await handed_on(body, scope, receive, send)
    finally:
        Body.here.discard(body)


async def handed_on(body: Body, scope: Scope, receive: Receive, send: Send) -> Receive | None:
    """Take the whole body; return what hands it on, or None once it was refused in words."""
    headers = dict(scope["headers"])
    try:
        return handing_on(await whole(body, headers, receive), receive)
    except Refused as refusal:
        body.drop()
        logger.info("A body of %s was refused: %d", scope["method"], refusal.status)
        await refuse(refusal.status, scope["path"], headers, send, body.most)
        await linger(receive)
        await send({"type": "http.response.body", "body": b""})
    except Gone:
        pass
    return None


async def whole(body: Body, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """Return the body; raise `Refused` once it is too large, too late or one too many."""
    if int(headers.get(b"content-length", b"0")) > body.most:
        raise Refused(413)
    try:
        async with body.deadline:
            await collect(body, receive)
    except TimeoutError:
        raise Refused(503 if body.is_refused else 408) from None
    content, body.content = bytes(body.content), bytearray()
    return content


async def collect(body: Body, receive: Receive) -> None:
    """Add all that comes; raise `Refused` where it is too much."""
    while not body.is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body.add(message.get("body", b""))
        body.is_whole = not message.get("more_body", False)


def handing_on(body: bytes, receive: Receive) -> Receive:
    """Return what gives the body first, and then what the server says: that the connection is closed."""
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Any:
        return messages.pop() if messages else await receive()

    return receive_again


async def linger(receive: Receive) -> None:
    """Throw away what still comes, until the sender has read the answer and left, or for a moment."""
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        pass
