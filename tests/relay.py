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
        self._is_closed = False
        self._sockets: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._threads = [threading.Thread(target=self._take_all)]
        self._threads[0].start()

    def silence(self) -> None:
        """Hand on nothing any more; take connections all the same."""
        self._may_speak.clear()

    def speak(self) -> None:
        """Hand on again, also what came meanwhile."""
        self._may_speak.set()

    def close(self) -> None:
        """Cut all connections and listen no more."""
        self._is_closed = True
        self._may_speak.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()  # from here on nobody is taken
        for opened in self._sockets:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _take_all(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self.taken += 1
                self._sockets.append(client)
                self._threads.append(threading.Thread(target=self._serve, args=(client,)))
                self._threads[-1].start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            self._may_speak.wait()
            if self._is_closed:
                return
            with socket.create_connection(("127.0.0.1", self._server_port)) as server:
                self._sockets.append(server)
                self._hand_on({client: server, server: client})

    def _hand_on(self, ends: dict[socket.socket, socket.socket]) -> None:
        while True:
            for ready in select.select(list(ends), [], [])[0]:
                data = ready.recv(65_536)
                self._may_speak.wait()
                if not data:
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
