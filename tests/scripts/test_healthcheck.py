"""The health check of a container asks under a name that is answered."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scripts.healthcheck import main


class Answer(BaseHTTPRequestHandler):
    """Answers /healthz to those who ask for raxdash.example.com."""

    def do_GET(self) -> None:
        known = (self.path, self.headers["Host"]) == ("/healthz", "raxdash.example.com")
        self.send_response(200 if known else 400)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PORT", str(server.server_port))
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(
    "hosts", ["raxdash.example.com", " raxdash.example.com , other.example.com", ".raxdash.example.com"]
)
def test_it_asks_for_the_first_allowed_host(port: int, monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    assert main() == 0


@pytest.mark.parametrize(
    ("listens_on", "code"), [("", 0), ("0.0.0.0", 0), ("127.0.0.1", 0), ("127.0.0.9", 1)]
)
def test_it_asks_where_the_process_listens(
    port: int, monkeypatch: pytest.MonkeyPatch, listens_on: str, code: int
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "raxdash.example.com")
    monkeypatch.setenv("HOST", listens_on)
    assert main() == code


def test_an_error_counts_as_not_serving(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "unknown.example.com")
    assert main() == 1


def test_so_does_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    assert main() == 1
