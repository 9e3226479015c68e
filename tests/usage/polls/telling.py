"""A provider that tells whatever it is given, over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

MODELS = {"object": "list", "data": [{"id": "rax-4.0", "object": "model"}]}


class Provider:
    """`usage` is what it answers to /usage, `models` to /models; `headers` stand before both."""

    def __init__(self) -> None:
        self.base_url = ""
        self.status = 200
        self.usage = b""
        self.models = json.dumps(MODELS).encode()
        self.headers: dict[str, str] = {}

    def tell(self, **told: Any) -> None:
        """Answer as documented, with these fields in the place of the usual ones."""
        self.usage = json.dumps(this_month() | told).encode()


def this_month() -> dict[str, Any]:
    """A usual answer: 1,500 tokens and 15 requests since the 1st of this month, of two models."""
    now = datetime.now(UTC)
    following = now.replace(day=1, month=now.month % 12 + 1, year=now.year + now.month // 12)
    return {
        "object": "usage",
        "total_tokens": 1_500,
        "total_requests": 15,
        "period_start": f"{now:%Y-%m}-01T00:00:00Z",
        "period_end": f"{following:%Y-%m}-01T00:00:00Z",
        "breakdown": {
            "rax-4.0": {"tokens": 1_000, "requests": 10},
            "rax-4.5": {"tokens": 500, "requests": 5},
        },
    }


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Serve on a free port; a usual answer, until it is told otherwise."""
    provider = Provider()
    provider.tell()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = provider.usage if self.path.endswith("/usage") else provider.models
            self.send_response(provider.status if self.path.endswith("/usage") else 200)
            for name, value in ({"Content-Length": str(len(body))} | provider.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        provider.base_url = f"http://127.0.0.1:{server.server_port}/api/v1"
        try:
            yield provider
        finally:
            server.shutdown()
