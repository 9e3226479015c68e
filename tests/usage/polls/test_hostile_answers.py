"""One provider's answers are never another team's trouble."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from rax import UsageAnswer
from rax.simulator import Simulator, running_simulator
from usage.polls.asking import Question, ask

SECRET = "rax_demo_pro"


@contextmanager
def answering(body: str) -> Iterator[str]:
    """Serve one body to every GET; yield the base URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Keep the test quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api/v1"
        server.shutdown()


@pytest.mark.parametrize("body", ['{"error": {"code": "²²²"}}', "[" * 100_000, '{"total_tokens": 1e308}'])
def test_a_hostile_answer_costs_the_rest_of_the_batch_nothing(settings, body):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with answering(body) as hostile, running_simulator(Simulator()) as server:
        questions = [Question(1, hostile, SECRET, True), Question(2, server.base_url, SECRET, True)]
        first, second = ask(questions)
    assert isinstance(first.usage, Exception)
    assert isinstance(second.usage, UsageAnswer)
    assert second.usage.total_tokens >= 0
