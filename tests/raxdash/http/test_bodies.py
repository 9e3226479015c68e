"""Bodies are bounded before anything else is looked at: by their word, by their bytes, and in time."""

from typing import Any

import pytest

from tests.installation import Installation
from tests.raxdash.sockets import CHUNK, Wire, chunked

pytestmark = pytest.mark.processes

# None of them would read a body: a health check, a file, an event stream, a page for members, nothing.
PATHS = ["/healthz", "/static/common/icon.svg", "/streams/playground/", "/t/acme/playground/start/", "/none/"]
MOST = 2_000_000
WORDS = "That is too large. At most 2 MB are taken at once. Shorten it and send it again.\n"
TOO_LATE = "too late"
CROWDED = "Too much is being sent at once. Nothing was taken. Try again in a moment.\n"


@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", PATHS)
def test_a_length_above_the_bound_is_refused_before_a_byte_of_it(
    impatient: Installation, path: str, method: str
) -> None:
    with Wire(impatient) as wire:
        wire.ask(path, f"Content-Length: {MOST + 1}", method=method)
        assert wire.answer() == (413, WORDS)


@pytest.mark.parametrize("path", PATHS)
def test_chunks_are_counted(impatient: Installation, path: str) -> None:
    with Wire(impatient) as wire:
        wire.ask(path, "Transfer-Encoding: chunked")
        for piece in chunked(MOST + len(CHUNK)):
            wire.sendall(piece)
        assert wire.answer() == (413, WORDS)


def test_whoever_goes_on_sending_reads_the_refusal_and_is_cut_off(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask("/healthz", "Transfer-Encoding: chunked")
        endless = iter(lambda: b"%x\r\n%b\r\n" % (len(CHUNK), CHUNK), b"")
        wire.send_until_refused(endless)
        assert wire.answer() == (413, WORDS)


def test_whoever_asks_before_sending_is_told_at_once(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask("/healthz", f"Content-Length: {MOST + 1}", "Expect: 100-continue")
        assert wire.answer() == (413, WORDS)


def test_a_head_request_is_refused_without_words(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask("/healthz", f"Content-Length: {MOST + 1}", method="HEAD")
        assert wire.rest().startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_stops_is_refused_in_time(impatient: Installation, path: str) -> None:
    with Wire(impatient) as wire:
        wire.ask(path, "Content-Length: 10")
        wire.sendall(b"half")
        status, words = wire.answer()
        assert (status, words.partition(".")[0]) == (408, "That took too long to arrive")
        assert wire.rest() == b""


def test_a_body_that_trickles_has_no_more_time(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask("/healthz", "Content-Length: 1000000")
        assert wire.trickle(b"x").startswith(b"HTTP/1.1 408 ")


def test_a_body_at_the_bound_is_taken_and_the_connection_lives(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask("/healthz", f"Content-Length: {MOST}", method="GET")
        wire.sendall(b"x" * MOST)
        assert wire.answer()[0] == 200
        wire.ask("/healthz", "Transfer-Encoding: chunked", method="GET")
        wire.sendall(b"4\r\nhalf\r\n0\r\n\r\n")
        assert wire.answer()[0] == 200


def test_the_largest_of_too_many_bodies_goes_and_the_others_are_taken(impatient: Installation) -> None:
    # On a busy machine the second may be over before all have come.
    told = next((told for _ in range(5) if TOO_LATE not in (told := largest_goes(impatient))), None)
    assert told == [(503, CROWDED), (200, "ok\n"), (200, "ok\n")]


def largest_goes(impatient: Installation) -> list[Any]:
    """What three bodies are told that are too many together, of which the largest came first."""
    with Wire(impatient) as first, Wire(impatient) as second, Wire(impatient) as third:
        sizes = {first: 1_900_000, second: 1_700_000, third: 1_500_000}
        for wire, size in sizes.items():
            wire.ask("/healthz", f"Content-Length: {MOST}", method="GET")
            wire.sendall(b"x" * size)
        told: list[Any] = [first.answer()]
        if told != [(503, CROWDED)]:
            return [TOO_LATE] if told[0][0] == 408 else told
        for wire in (second, third):
            wire.sendall(b"x" * (MOST - sizes[wire]))
            status, words = wire.answer()
            told.append(TOO_LATE if status == 408 else (status, words))
    return told


def test_a_form_is_read_whole_whatever_its_pieces(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask(
            "/accounts/login/",
            "Content-Type: application/x-www-form-urlencoded",
            "Cookie: csrftoken=" + "t" * 32,
            "Transfer-Encoding: chunked",
        )
        for letter in b"login=nobody&password=x&csrfmiddlewaretoken=" + b"t" * 32:
            wire.sendall(b"1\r\n%c\r\n" % letter)
        wire.sendall(b"0\r\n\r\n")
        status, page = wire.answer()
        assert status == 200
        assert "Enter a valid email address." in page


def test_a_part_of_a_page_is_told_above_the_page(impatient: Installation) -> None:
    with Wire(impatient) as wire:
        wire.ask("/t/acme/playground/start/", f"Content-Length: {MOST + 1}", "HX-Request-Type: partial")
        told = wire.rest().decode()
        assert "hx-retarget: #messages\r\n" in told
        assert "That is too large." in told
        assert 'role="alert"' in told


def test_a_file_of_history_has_a_bound_of_its_own(impatient: Installation) -> None:
    words = "That is too large. At most 20 MB are taken at once. Shorten it and send it again.\n"
    with Wire(impatient) as wire:
        wire.ask("/t/acme/usage/imports/new/", "Content-Length: 200000000")
        assert wire.answer() == (413, words)
    with Wire(impatient) as wire:
        wire.ask("/t/acme/usage/imports/", f"Content-Length: {MOST + 1}")
        assert wire.answer()[0] == 413
    with Wire(impatient) as wire:
        wire.ask("/t/acme/usage/imports/new/", f"Content-Length: {MOST + 1}")
        wire.sendall(b"x" * (MOST + 1))
        # Taken, and then answered as everything that says nothing of where it comes from.
        assert wire.answer()[0] == 403
