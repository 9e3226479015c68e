"""A deed that was sent whole is carried out whole, whoever waits for its answer.

Django cancels a view as soon as the client goes, wherever it is just then: before what it wrote is acted on,
before the session is saved. That is right where somebody only reads. A form that was sent was meant.
"""

import asyncio
from typing import Any

from common.asgi import Receive, Scope

READING = {"GET", "HEAD", "OPTIONS", "TRACE"}


def undisturbed(scope: Scope, receive: Receive) -> Receive:
    """Return a `receive` that does not tell of a client's leaving once a deed was received whole."""
    if scope["method"] in READING:
        return receive
    is_whole = False

    async def receive_deed() -> Any:
        nonlocal is_whole
        message = await receive()
        if message["type"] == "http.disconnect" and is_whole:
            # Whoever listens is cancelled with the answer.
            await asyncio.get_running_loop().create_future()
        is_whole = message["type"] == "http.request" and not message.get("more_body", False)
        return message

    return receive_deed
