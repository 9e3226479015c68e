"""The paced upstream: an OpenAI-compatible server that streams so many chunks a second, and costs little.

A run is described by its model's name, `paced/<gate>/<index>/<chunks>/<chunks per second>`. It is answered at
once with the head, and begins when its gate is opened: `index × gap` seconds after the time given then.
The first chunk, and each one of a run named `stamped/…`, carries the steady clock's nanoseconds of its own
writing, `t<number>t`, so that whoever reads the stream's end knows how long it was on its way. Times are
of `time.monotonic`, which all processes of a machine share.
"""

import asyncio
import sys
import time
from typing import cast

import httptools
import orjson
import uvloop

from bench.paced import HEAD, LAST, PREFIX, Order, event, framed, prose

# So many stamps are a paragraph, as long as one of prose.
PARAGRAPH = 40


class Run:
    """One stream on its way out."""

    def __init__(self, order: Order, server: "Server", transport: asyncio.WriteTransport) -> None:
        self.order = order
        self._server = server
        self._transport = transport
        self._sent = 0
        self._began = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def begin_at(self, at: float) -> None:
        """Send the first chunk at this time, or now where it has passed."""
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(loop.time() + max(0.0, at - time.monotonic()), self._begin)

    def stop(self) -> None:
        """Send nothing more."""
        if self._timer:
            self._timer.cancel()

    def _begin(self) -> None:
        self._began = asyncio.get_running_loop().time()
        self._transport.write(event({"role": "assistant"}) + stamp())
        self._sent = 1
        self._server.sent += 1
        self._wait()

    def _wait(self) -> None:
        due = self._began + self._sent / self.order.per_second
        self._timer = asyncio.get_running_loop().call_at(due, self._go_on)

    def _go_on(self) -> None:
        passed = asyncio.get_running_loop().time() - self._began
        due = min(int(passed * self.order.per_second + 1e-6) + 1, self.order.chunks)
        self._transport.writelines([self._piece(number) for number in range(self._sent, due)])
        self._server.sent += due - self._sent
        self._sent = due
        if due < self.order.chunks:
            self._wait()
            return
        self._timer = None
        self._transport.write(event({}, "stop") + framed(b"data: [DONE]\n\n") + LAST)

    def _piece(self, number: int) -> bytes:
        pieces = self._server.pieces
        return stamp(number) if self.order.is_stamped else pieces[number % len(pieces)]


def stamp(number: int = 0) -> bytes:
    """Return a chunk that says when it was written; some of them end a paragraph."""
    after = " " if (number + 1) % PARAGRAPH else "\n\n"
    return event({"content": f"t{time.monotonic_ns()}t{after}"})


class Server:
    """What all connections share: gates, what was sent, which runs were left before their end."""

    def __init__(self) -> None:
        self.pieces = prose()
        self.sent = 0
        self.closed: dict[str, float] = {}
        self._gates: dict[str, tuple[float, float]] = {}
        self._waiting: dict[str, list[Run]] = {}

    def admit(self, run: Run) -> None:
        """Let a run begin where its gate is open, or wait."""
        if run.order.gate in self._gates:
            self._let_in(run)
        else:
            self._waiting.setdefault(run.order.gate, []).append(run)

    def open_gate(self, gate: str, at: float, gap: float) -> None:
        """Let the runs of a gate begin, one each `gap` seconds."""
        self._gates[gate] = at, gap
        for run in self._waiting.pop(gate, []):
            self._let_in(run)

    def _let_in(self, run: Run) -> None:
        at, gap = self._gates[run.order.gate]
        run.begin_at(at + run.order.index * gap)

    def stats(self) -> dict[str, object]:
        """Return the chunks sent so far, how many runs wait, and when runs were left."""
        waiting = sum(len(runs) for runs in self._waiting.values())
        return {"sent": self.sent, "waiting": waiting, "closed": self.closed}


class Connection(asyncio.Protocol):
    """One client's connection, requests one after the other."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._run: Run | None = None
        self._url = b""
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._run and self._run.order.name not in self._server.closed:
            self._server.closed[self._run.order.name] = time.monotonic()
            self._run.stop()

    def on_message_begin(self) -> None:
        self._url = self._body = b""

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._url.endswith(b"/chat/completions"):
            self._stream(orjson.loads(self._body)["model"])
        elif self._url == b"/open":
            wish = orjson.loads(self._body)
            self._server.open_gate(wish["gate"], wish["at"], wish["gap"])
            self._answer({})
        elif self._url == b"/stats":
            self._answer(self._server.stats())
        else:
            self._answer({"object": "list", "data": [{"id": PREFIX, "object": "model"}]})

    def _stream(self, model: str) -> None:
        self._run = Run(Order.read(model), self._server, self._transport)
        self._transport.write(HEAD)
        self._server.admit(self._run)

    def _answer(self, content: object) -> None:
        body = orjson.dumps(content)
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)


async def serve(port: int) -> None:
    """Serve on loopback until the process is ended."""
    server = Server()
    listener = await asyncio.get_running_loop().create_server(lambda: Connection(server), "127.0.0.1", port)
    await listener.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
