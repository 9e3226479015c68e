"""Serve the hashed, precompressed static files beside Django.

WhiteNoise knows files, encodings, ranges and caching but answers through a sync iterator, which Django's
ASGI handler reads whole. So its lookup is used, and the bytes are sent from here.
"""

import asyncio
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

from common.asgi import Receive, Scope, Send
from common.headers import GUARDS

CHUNK_BYTES = 256 * 1024
# `name.<12 hex digits>.ext`, as Django's manifest storage writes them: such a file never changes.
HASHED = r"^.+\.[0-9a-f]{12}\..+$"


class StaticFiles:
    """An ASGI application for the files below one folder."""

    def __init__(self, root: Path, prefix: str) -> None:
        # No other site reads them.
        self._files = WhiteNoise(
            None,
            root=root,
            prefix=prefix,
            max_age=60,
            immutable_file_test=HASHED,
            allow_all_origins=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET or HEAD request for a file; everything else is 404 or 405."""
        file = self._files.files.get(scope["path"])
        if file is None:
            await answer(
                send, 404, [(b"content-type", b"text/plain; charset=utf-8"), *GUARDS], b"No such file\n"
            )
            return
        response = file.get_response(scope["method"], request_environment(scope))
        headers = [(name.lower().encode(), value.encode()) for name, value in response.headers]
        headers += GUARDS
        if response.file is None:
            await answer(send, int(response.status), headers, b"")
            return
        await send({"type": "http.response.start", "status": int(response.status), "headers": headers})
        with response.file as opened:
            while chunk := await asyncio.to_thread(opened.read, CHUNK_BYTES):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def request_environment(scope: Scope) -> dict[str, Any]:
    """Return the request headers by the WSGI names that WhiteNoise looks for."""
    return {
        f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
        for name, value in scope["headers"]
    }


async def answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Send a whole small response."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
