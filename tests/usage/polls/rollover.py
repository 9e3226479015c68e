"""A provider whose clock is ahead of ours, and whose billing period ends soon after it is first asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AHEAD = timedelta(seconds=20)
MONTH = timedelta(days=30)
A_SECOND = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: seconds after the period's end by the provider's clock, and what was told."""

    seconds: float
    tells_old: bool
    tokens: int


class Provider:
    """It counts a hundred tokens a second. `left` is how long its period goes on from the first question."""

    whole = int(MONTH.total_seconds()) * A_SECOND

    def __init__(self, left: timedelta) -> None:
        self.left = left
        self.asked: list[Asked] = []
        self.end: datetime | None = None
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The provider's own time."""
        return datetime.now(UTC) + AHEAD

    def usage(self) -> dict[str, object]:
        """The counters of the period that is told now."""
        with self._lock:
            now = self.now()
            # A whole second, as it is told; and an even one, for `:59` is an inclusive end.
            self.end = self.end or (now + self.left).replace(
                microsecond=0, second=(now + self.left).second // 2 * 2
            )
            tells_old = now < self.end
            start = self.end - MONTH if tells_old else self.end
            tokens = int((now - start).total_seconds() * A_SECOND)
            self.asked.append(Asked((now - self.end).total_seconds(), tells_old, tokens))
        return {
            "object": "usage",
            "total_tokens": tokens,
            "total_requests": 1,
            "period_start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "period_end": f"{start + MONTH:%Y-%m-%dT%H:%M:%SZ}",
            "breakdown": {"rax-4.0": {"tokens": tokens, "requests": 1}},
        }


@contextmanager
def running_provider(left: timedelta) -> Iterator[tuple[Provider, str]]:
    """Yield a provider and the base URL it serves."""
    provider = Provider(left)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_usage = self.path.endswith("/usage")
            body = json.dumps(provider.usage() if is_usage else {"object": "list", "data": []}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(provider.now(), usegmt=True)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider, f"http://127.0.0.1:{server.server_address[1]}/api/v1"
    finally:
        server.shutdown()
        server.server_close()
