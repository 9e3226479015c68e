"""Whoever presses a button and leaves in the same moment has pressed it, or not: nothing is half done."""

import random
import time
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from tests.installation import wait_until
from tests.playground.conftest import set_pace
from tests.playground.visitor import Visitor
from tests.raxdash.sockets import Wire

pytestmark = pytest.mark.processes
LEAVERS = 16
LONGEST_STAY_SECONDS = 0.04


def press_and_leave(visitor: Visitor, path: str, stay_seconds: float, **fields: str) -> None:
    """Post a form as a browser does whose window is closed after so long."""
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.http.cookies.items())
    form = urlencode({**fields, "csrfmiddlewaretoken": visitor.http.cookies["csrftoken"]}).encode()
    with Wire(visitor.installation) as wire:
        kind = "Content-Type: application/x-www-form-urlencoded"
        wire.ask(path, "HX-Request: true", f"Cookie: {cookies}", kind, f"Content-Length: {len(form)}")
        wire.sendall(form)
        time.sleep(stay_seconds)


def states_of(visitor: Visitor, message: str) -> list[str]:
    sql = "SELECT state FROM playground_run WHERE message LIKE ?"
    return [state for (state,) in visitor.installation.rows(sql, f"{message}%")]


@pytest.mark.usefixtures("in_a_hurry")
def test_every_run_that_was_written_is_sent(visitor: Visitor) -> None:
    before, chance, left = len(visitor.exchanges()), random.Random(12), f"I left {uuid4()}"
    for number in range(LEAVERS):
        wait_until(lambda: len(visitor.live_runs()) < 4, "earlier runs to end")
        form = {"message": f"{left} {number}", "model": "rax-4.0", "idempotency_key": str(uuid4())}
        stay = chance.uniform(0, LONGEST_STAY_SECONDS)
        press_and_leave(visitor, f"{visitor.playground}start/", stay, **form)
    # The last of them may be written after those before it have ended.
    wait_until(lambda: set(states_of(visitor, left)) == {"completed"}, "all runs to end")
    wait_until(lambda: len(visitor.exchanges()) - before == len(states_of(visitor, left)), "each to be sent")


def test_a_stop_that_was_sent_counts(visitor: Visitor) -> None:
    set_pace(visitor.installation, 5)
    for stay in (0, 0.002, 0.005):
        run: UUID = visitor.run("Tell me a very long story about half-lives. Write 1500 words.")
        press_and_leave(visitor, f"{visitor.playground}runs/{run}/stop/", stay)
        assert visitor.wait_for_end(run)["state"] == "stopped"
