"""A provider that answers when it is told to: it holds every request until its gate is opened.

What asks below `/broken` is answered with 500.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODELS = {"object": "list", "data": [{"id": "rax-4.0", "object": "model"}]}


class Gate:
    """`asked` counts the requests for usage; while the gate is shut, they wait."""

    def __init__(self) -> None:
        self.asked = 0
        self.tokens = 0
        self.open = threading.Event()
        self._lock = threading.Lock()

    def usage(self) -> dict[str, object]:
        """The counters of this month, as the provider would say them now."""
        with self._lock:
            self.asked += 1
        self.open.wait(timeout=60)
        now = datetime.now(UTC)
        return {
            "object": "usage",
            "total_tokens": self.tokens,
            "total_requests": 1,
            "period_start": f"{now:%Y-%m}-01T00:00:00Z",
            "period_end": f"{now.year}-12-31T23:59:59Z",
            "breakdown": {"rax-4.0": {"tokens": self.tokens, "requests": 1}},
        }


@contextmanager
def running_gate() -> Iterator[tuple[Gate, str]]:
    """Yield a gate (open) and the base URL it serves."""
    gate = Gate()
    gate.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = gate.usage() if self.path.endswith("/usage") else MODELS
            body = json.dumps(answer).encode()
            try:
                self.send_response(500 if self.path.startswith("/broken") else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # who asked was killed

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        # As many as ask at once: who finds no room tries again after a second.
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gate, f"http://127.0.0.1:{server.server_address[1]}/api/v1"
    finally:
        gate.open.set()
        server.shutdown()
        server.server_close()
        thread.join()
