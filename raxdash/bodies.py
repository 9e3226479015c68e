"""Bodies of requests, received before anybody answers: bounded in size and in time, whatever they are for.

Django takes a whole body, and keeps a large one on disk, before it looks at host, login or method; what
answers beside Django never takes one. So it is received here, for all of them, and handed on whole. A request
without a body passes as it is.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from common.asgi import Receive, Scope, Send
from raxdash.refusals import refuse

logger = logging.getLogger(__name__)

# After a refusal what still comes is thrown away for so long: a connection closed in the face of somebody who
# is sending is reset, and the words are lost with it.
LINGER_SECONDS = 2.0


class Refused(Exception):
    """The body is not taken; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """Whoever sent the body has left before its end."""


async def received(scope: Scope, receive: Receive, send: Send) -> Receive | None:
    """Take the request's body; return what hands it on, or None where the request is over."""
    headers = dict(scope["headers"])
    if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
        return receive
    try:
        return handing_on(await whole_body(headers, receive), receive)
    except Refused as refusal:
        logger.info("A body of %s was refused: %d", scope["method"], refusal.status)
        await refuse(refusal.status, headers, send)
        await linger(receive)
        await send({"type": "http.response.body", "body": b""})
    except Gone:
        pass
    return None


async def whole_body(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """Return the body; raise `Refused` once it is too large or too late, by its word or by its bytes."""
    if int(headers.get(b"content-length", b"0")) > settings.MAX_BODY_BYTES:
        raise Refused(413)
    try:
        async with asyncio.timeout(settings.BODY_TIMEOUT_SECONDS):
            return await collected(receive, settings.MAX_BODY_BYTES)
    except TimeoutError:
        raise Refused(408) from None


async def collected(receive: Receive, most_bytes: int) -> bytes:
    """Return all that comes; raise `Refused` where that is more than `most_bytes`."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if len(body) > most_bytes:
            raise Refused(413)
        more = message.get("more_body", False)
    return bytes(body)


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
