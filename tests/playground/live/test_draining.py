"""A web process that is told to stop lets its live runs go on for a while, and takes no new ones."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from playground.editor.start.starting import STOPPING
from tests.installation import PATIENCE_SECONDS, Installation, free_port, wait_until
from tests.playground.conftest import set_pace
from tests.playground.visitor import HTMX, Visitor, words

pytestmark = pytest.mark.processes
SHORT = "Tell me a story about half-lives. Write 200 words."
LONG = "Tell me a very long story about half-lives. Write 3000 words."
PACE = 50  # chunks a second
CLOSED = {"event": "closed", "data": "closed"}
embedded, grown_up = pytest.mark.xdist_group("embedded"), pytest.mark.xdist_group("grown-up")


class Draining(Visitor):
    """Alice at a web process of her own, which she can tell to stop."""

    def tell(self, number: int = signal.SIGTERM) -> None:
        """Send the process a signal."""
        os.killpg(self.installation.processes["draining"].pid, number)

    def wait_for_exit(self) -> None:
        """Wait until the process has ended by itself, and without complaint."""
        process = self.installation.processes["draining"]
        assert process.wait(PATIENCE_SECONDS) in {0, -signal.SIGTERM}
        assert "Traceback" not in self.installation.log("draining")


@contextmanager
def draining(raxdash: Installation, seconds: int) -> Iterator[Draining]:
    """Start one more web process, with so long a drain, and end it."""
    port = free_port()
    raxdash.environment["DRAIN_SECONDS"] = str(seconds)
    try:
        raxdash.start_web("draining", port)
    finally:
        del raxdash.environment["DRAIN_SECONDS"]
    set_pace(raxdash, PACE)
    try:
        with Draining(raxdash, url=f"http://127.0.0.1:{port}") as alice:
            yield alice
    finally:
        raxdash.kill("draining")


def vocabulary(text: object) -> set[str]:
    return set(re.findall(r"\w+", str(text)))


def shown(events: list[dict[str, str]]) -> set[str]:
    return vocabulary(words("".join(event["data"] for event in events)))


@embedded
def test_a_run_goes_on_to_its_end_and_its_reader_sees_all_of_it(live_raxdash: Installation) -> None:
    with draining(live_raxdash, 20) as alice:
        run = alice.run(SHORT)
        with alice.following(alice.stream_address(run)) as stream:
            events = list(islice(stream, 5))
            alice.tell()
            events += stream
        row = alice.row(run)
        assert row["state"] == "completed"
        assert vocabulary(row["text"]) <= shown(events)
        assert CLOSED not in events  # the page comes back when a server is there again
        alice.wait_for_exit()


@embedded
def test_a_run_that_takes_too_long_is_interrupted_and_keeps_its_text(live_raxdash: Installation) -> None:
    with draining(live_raxdash, 2) as alice:
        run = alice.run(LONG)
        with alice.following(alice.stream_address(run)) as stream:
            next(stream)
            alice.tell()
            seen = shown(list(islice(stream, PACE)))
            assert CLOSED not in list(stream)
        alice.wait_for_exit()
        row = alice.row(run)
        assert row["state"] == "interrupted"
        assert "server was stopped" in str(row["error_message"])
        assert row["stop_cause"] == "server_stopped"
        assert len(vocabulary(row["text"]) & seen) > PACE // 2


@embedded
def test_no_run_is_taken_and_a_second_signal_ends_at_once(live_raxdash: Installation) -> None:
    with draining(live_raxdash, 600) as alice:
        run = alice.run(LONG)
        answer = alice.http.post(f"{alice.playground}start/", content=slow_form(alice), headers=FORM | HTMX)
        assert answer.status_code == 503
        assert STOPPING in words(answer.text)
        wait_until(lambda: alice.row(run)["state"] == "running", "the run to go on")
        alice.tell(signal.SIGINT)
        alice.wait_for_exit()
        assert alice.row(run)["state"] == "interrupted"


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def slow_form(alice: Draining) -> Iterator[bytes]:
    """The playground's form; between its two halves the process is told to stop and listens no more."""
    form = {"message": "My precious words", "model": "rax-4.0", "idempotency_key": str(uuid4())}
    form["csrfmiddlewaretoken"] = alice.http.cookies["csrftoken"]
    body = urlencode(form).encode()
    yield body[:20]
    alice.tell()
    port = alice.http.base_url.port
    wait_until(lambda: not alice.installation.listens(port), "the process to listen no more")
    yield body[20:]


@grown_up
def test_a_reader_comes_back_to_another_process_and_sees_the_end(grown_up_raxdash: Installation) -> None:
    with draining(grown_up_raxdash, 60) as owner, Visitor(grown_up_raxdash) as other:
        run = owner.run(SHORT)
        address = owner.stream_address(run)
        with owner.following(address) as stream:
            events = list(islice(stream, 5))
            owner.tell()
            events += stream
        assert CLOSED not in events
        other.http.cookies.update(owner.http.cookies)
        with other.following(address, **{"Last-Event-ID": events[-1]["id"]}) as stream:
            events += stream
        assert events[-1] == CLOSED
        row = other.row(run)
        assert row["state"] == "completed"
        assert vocabulary(row["text"]) <= shown(events)
        owner.wait_for_exit()


@grown_up
def test_stop_is_obeyed_by_a_process_that_drains(grown_up_raxdash: Installation) -> None:
    with draining(grown_up_raxdash, 600) as owner, Visitor(grown_up_raxdash) as other:
        run = owner.run(LONG)
        with other.following(other.wait_for_stream(run)) as stream:
            owner.tell()
            assert len(list(islice(stream, PACE))) == PACE
            other.stop(run)
            assert list(stream)[-1] == CLOSED
        owner.wait_for_exit()
        assert other.row(run)["state"] == "stopped"
