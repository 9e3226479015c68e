"""Connections that send no whole request, or read no answer: bounded in time, in size and in number.

uvicorn waits for ever for the first byte and for the end of the headers, keeps all of them in memory, and
takes as many such connections as there are file descriptors. It has no settings for this, so its protocol is
extended here. How large and how late a body may be is told by `raxdash.http.bodies`.
"""

import asyncio
import logging

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from common.asgi import Receive
from usage.api.problems import CODES, body_of, is_for_programs

logger = logging.getLogger(__name__)

WORDS = {
    400: "This is no request that can be read.",
    408: "The request took too long to arrive.",
    431: "The headers of the request are too long.",
}


class Connection(HttpToolsProtocol):
    """A connection that is closed where the head of a request does not come, or does not end."""

    HEAD_SECONDS = 10.0
    # Of headers, and of what surrounds a body: chunks' sizes, and headers behind it.
    HEAD_BYTES = 64 * 1024
    # Nothing of what was written is read for so long.
    UNREAD_SECONDS = 60.0
    # So many may be in the middle of a request. Then the oldest goes for each that comes; but not in its
    # first moments, in which what it sent may just not have been read here.
    UNFINISHED_MOST = 400
    UNFINISHED_SECONDS = 2.0

    # All of the process, the oldest first, with the loop's time of their beginning.
    unfinished: dict["Connection", float] = {}

    deadline: asyncio.TimerHandle | None = None
    unread: asyncio.TimerHandle | None = None
    is_in_head = False
    head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.begin()
        self.wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self.stop_waiting()
        self.stop_watching()
        self.unfinished.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read; count what goes on with a request that had begun before, and wait for what is to come."""
        self.head_bytes += len(data)
        super().data_received(data)
        if self.head_bytes > self.HEAD_BYTES and self in self.unfinished:
            self.give_up(431)
        elif self.is_in_head or self.is_idle():
            self.wait()

    def on_message_begin(self) -> None:
        """Note that a head begins."""
        self.is_in_head, self.head_bytes = True, 0
        self.begin()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that the head is here."""
        self.is_in_head, self.head_bytes = False, 0
        self.stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count a body, which is bounded elsewhere, and the sizes of its smallest chunks for nothing."""
        self.head_bytes = max(0, self.head_bytes - len(body) * len(b"1\r\nx\r\n"))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the whole request is here."""
        self.unfinished.pop(self, None)
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Watch whether the answer is read."""
        super().pause_writing()
        self.unread = self.loop.call_later(self.UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it is read."""
        self.stop_watching()
        super().resume_writing()

    def is_idle(self) -> bool:
        """Tell whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def begin(self) -> None:
        """Be the newest of those in the middle of a request; where there are too many, the oldest goes."""
        self.unfinished.pop(self, None)
        self.unfinished[self] = self.loop.time()
        oldest, since = next(iter(self.unfinished.items()))
        if len(self.unfinished) > self.UNFINISHED_MOST and self.loop.time() - since > self.UNFINISHED_SECONDS:
            del self.unfinished[oldest]
            oldest.transport.abort()

    def wait(self) -> None:
        """Wait for the end of a head, from now on or as before."""
        if self.deadline is None and not self.transport.is_closing():
            self.deadline = self.loop.call_later(self.HEAD_SECONDS, self.give_up, 408)

    def stop_waiting(self) -> None:
        """Let the rest of the request take its time."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def stop_watching(self) -> None:
        """Trust the reader."""
        if self.unread is not None:
            self.unread.cancel()
            self.unread = None

    def give_up(self, status: int) -> None:
        """Close the connection, with words where they are the answer to what has begun."""
        if self.is_in_head and self.is_idle() and not self.transport.is_closing():
            self.transport.write(answer(status, for_programs=is_for_programs(self.url.decode("latin-1"))))
        self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, of which no browser sends any."""
        self.transport.write(answer(400, for_programs=True))
        self.transport.close()


def answer(status: int, *, for_programs: bool) -> bytes:
    """The whole answer that tells why a connection is closed: JSON for programs, else a line of text."""
    kind, body = b"text/plain; charset=utf-8", f"{WORDS[status]}\n".encode()
    if for_programs:
        kind, body = b"application/json", body_of(CODES[status], WORDS[status])
    head = b"content-type: %b\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
    return STATUS_LINE[status] + head % (kind, len(body)) + body


def bound(receive: Receive) -> None:
    """Let the server that starts make `Connection`s, whatever command it was started by.

    An option of the command would bound nothing where it is forgotten. So the server is asked here, which
    uvicorn gives the lifespan's `receive` of.
    """
    config = getattr(getattr(receive, "__self__", None), "config", None)
    protocol = getattr(config, "http_protocol_class", None)
    if config is not None and protocol is HttpToolsProtocol:
        config.http_protocol_class = Connection
    elif protocol is not Connection:
        logger.warning(
            "Half-sent requests are not bounded by this server: a proxy must do it (docs/deploy.md)"
        )
