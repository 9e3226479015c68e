"""Connections on which no whole request comes are closed: in time, at a length, and beyond a number."""

import json
import time
from contextlib import ExitStack

import pytest

from tests.installation import Installation
from tests.raxdash.sockets import CHUNK, Wire

pytestmark = pytest.mark.processes
LATE = "The request took too long to arrive.\n"
LONG = "The headers of the request are too long.\n"


def test_a_connection_that_says_nothing_is_closed(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        assert wire.rest() == b""


@pytest.mark.parametrize("begun", [b"G", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"GET /healthz HT"])
def test_a_head_that_stops_is_refused(impatient: Installation, begun: bytes) -> None:
    with Wire(impatient) as wire:
        wire.sendall(begun)
        assert wire.answer() == (408, LATE)
        assert wire.rest() == b""


@pytest.mark.parametrize("piece", [b"X: y\r\n", b"x"])
def test_a_head_that_trickles_has_no_more_time(impatient: Installation, piece: bytes) -> None:
    with Wire(impatient) as wire:
        wire.sendall(b"GET /healthz HTTP/1.1\r\n")
        assert wire.trickle(piece).startswith(b"HTTP/1.1 408 ")


def test_empty_lines_are_no_request(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        assert wire.trickle(b"\r\n") == b""


def test_empty_lines_are_none_after_an_answer_either(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask("/healthz", method="GET")
        assert wire.answer()[0] == 200
        assert wire.trickle(b"\r\n") == b""


def test_a_second_request_that_stops_is_refused_too(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask("/healthz", method="GET")
        assert wire.answer()[0] == 200
        wire.sendall(b"GET /hea")
        assert wire.answer() == (408, LATE)


@pytest.mark.parametrize("begun", [b"GET /", b"GET / HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\nX"])
def test_a_head_without_end_is_cut(impatient: Installation, begun: bytes) -> None:
    assert cut(impatient, begun) == (431, LONG)


def cut(impatient: Installation, begun: bytes) -> tuple[int, str]:
    """The answer to a head that never ends."""
    with Wire(impatient) as wire:
        wire.sendall(begun)
        wire.send_until_refused(iter(lambda: CHUNK.replace(b"x", b"a"), b""))
        return wire.answer()


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"FOO /api/v1/keys HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (b"GET /api/v1/keys HTTP/1.1\r\nX: \0\r\n\r\n", 400, "bad_request"),
        (b"GET /api/v1/keys HTTP/1.1\r\nX", 408, "too_slow"),
    ],
)
def test_programs_are_told_in_json(impatient: Installation, sent: bytes, status: int, code: str) -> None:
    with Wire(impatient) as wire:
        wire.sendall(sent)
        found, text = wire.answer()
        assert (found, json.loads(text)["error"]["code"]) == (status, code)


def test_a_program_whose_headers_do_not_end_is_told_in_json(impatient: Installation) -> None:
    status, text = cut(impatient, b"GET /api/v1/keys HTTP/1.1\r\nX: ")
    assert (status, json.loads(text)["error"]["code"]) == (431, "headers_too_long")


@pytest.mark.parametrize("piece", [b"X: y\r\n" * 5_000, CHUNK])
def test_headers_behind_a_body_are_cut_too(impatient: Installation, piece: bytes) -> None:
    with Wire(impatient) as wire:
        wire.ask("/healthz", "Transfer-Encoding: chunked", method="GET")
        wire.sendall(b"4\r\nhalf\r\n0\r\nX: ")
        wire.send_until_refused(iter(lambda: piece, b""))
        assert wire.rest() == b""


def test_a_large_body_earns_no_room_for_headers_behind_it(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask("/healthz", "Transfer-Encoding: chunked", method="GET")
        wire.sendall(b"10000\r\n%b\r\n0\r\nX: " % CHUNK)
        wire.send_until_refused([CHUNK] * 3)
        assert wire.rest() == b""


def test_the_oldest_of_too_many_unfinished_requests_goes(impatient: Installation) -> None:
    # On a busy machine their second may be over before the latest comes: then once more.
    assert any(goes_for_the_latest(impatient) for _ in range(5))


def goes_for_the_latest(impatient: Installation) -> bool:
    """Send as many unfinished requests as there may be, and one more; tell whether the first was cut off."""
    with ExitStack() as stack:
        crowd = [stack.enter_context(Wire(impatient)) for _ in range(20)]
        for wire in crowd:
            wire.ask("/healthz", "Content-Length: 10")
        time.sleep(0.3)
        with Wire(impatient) as latest:
            latest.ask("/healthz", method="GET")
            assert latest.answer()[0] == 200
        assert crowd[1].answer()[0] == 408
        return crowd[0].rest() == b""
