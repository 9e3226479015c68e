"""Requests byte by byte, as no client library sends them."""

import socket
from collections.abc import Iterable
from contextlib import suppress

from tests.installation import Installation

PATIENCE_SECONDS = 60
CHUNK = b"x" * 65_536


class Wire(socket.socket):
    """A connection to a web process."""

    def __init__(self, installation: Installation) -> None:
        super().__init__()
        self.heard = b""
        self.settimeout(PATIENCE_SECONDS)
        self.connect(("127.0.0.1", installation.port))

    def ask(self, path: str, *headers: str, method: str = "POST") -> None:
        """Send the head of a request."""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
        self.sendall("\r\n".join(lines).encode())

    def send_until_refused(self, pieces: Iterable[bytes]) -> int:
        """Send the pieces; return how many bytes were sent before the other side closed the connection."""
        sent = 0
        with suppress(ConnectionError):
            for piece in pieces:
                self.sendall(piece)
                sent += len(piece)
        return sent

    def answer(self) -> tuple[int, str]:
        """Return status and text of the answer; status 0 where the connection was closed without one."""
        head, body = self._head(), b""
        length = next((line for line in head if line.lower().startswith("content-length:")), ":0")
        while len(body) < int(length.partition(":")[2]) and (piece := self.recv(65_536)):
            body += piece
        return (int(head[0].split()[1]) if head else 0), body.decode()

    def rest(self) -> bytes:
        """Return all that comes until the connection ends."""
        with suppress(ConnectionError):
            while piece := self.recv(65_536):
                self.heard += piece
        return self.heard

    def trickle(self, piece: bytes) -> bytes:
        """Send a piece now and then until the other side ends the connection; return what it said."""
        self.settimeout(0.2)
        for _ in range(100):
            self.send_until_refused([piece])
            with suppress(TimeoutError):
                return self.rest()
        raise AssertionError("nobody ends the connection")

    def _head(self) -> list[str]:
        head = b""
        with suppress(ConnectionError):
            while not head.endswith(b"\r\n\r\n") and (piece := self.recv(1)):
                head += piece
        return head.decode().split("\r\n")[:-2]


def chunked(total: int) -> Iterable[bytes]:
    """Yield a body of so many bytes in chunks."""
    for _ in range(0, total, len(CHUNK)):
        yield b"%x\r\n%b\r\n" % (len(CHUNK), CHUNK)
    yield b"0\r\n\r\n"
