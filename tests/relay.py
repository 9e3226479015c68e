"""A server that can fall silent: connections to it are taken and never answered, as by a stopped process."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.installation import free_port


class Relay:
    """Hands on what comes to a port of its own to a server, until it is silenced."""

    def __init__(self, server_port: int) -> None:
        self.port = free_port()
        self.taken = 0
        self._server_port = server_port
        self._may_speak = threading.Event()
        self._may_speak.set()
        self._sockets: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._take_all, daemon=True).start()

    def silence(self) -> None:
        """Hand on nothing any more; take connections all the same."""
        self._may_speak.clear()

    def speak(self) -> None:
        """Hand on again, also what came meanwhile."""
        self._may_speak.set()

    def close(self) -> None:
        """Cut all connections and listen no more."""
        self._may_speak.set()
        for opened in [self._listening, *self._sockets]:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
            opened.close()

    def _take_all(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self.taken += 1
                self._sockets.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError, ValueError):
            self._may_speak.wait()
            server = socket.create_connection(("127.0.0.1", self._server_port))
            self._sockets.append(server)
            self._hand_on({client: server, server: client})
        client.close()

    def _hand_on(self, ends: dict[socket.socket, socket.socket]) -> None:
        while True:
            for ready in select.select(list(ends), [], [])[0]:
                data = ready.recv(65_536)
                self._may_speak.wait()
                if not data:
                    ends[ready].close()
                    return
                ends[ready].sendall(data)


@contextmanager
def relay(url: str) -> Iterator[tuple[Relay, str]]:
    """Yield a relay to the server of a URL such as `redis://127.0.0.1:6379/0`, and the URL through it."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    opened = Relay(port)
    try:
        yield opened, url.replace(f":{port}", f":{opened.port}")
    finally:
        opened.close()
