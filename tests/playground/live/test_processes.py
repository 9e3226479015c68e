"""A web process that is killed loses little, and one that is told to stop loses nothing."""

import os
import signal
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from rax.simulator.tokens import count_tokens
from tests.installation import Installation, wait_until
from tests.installed import installed_for_alice
from tests.playground.conftest import BACKENDS, parts, set_pace
from tests.playground.visitor import Visitor, words

pytestmark = pytest.mark.processes
LONG = "Tell me a very long story about half-lives. Write 3000 words."
PACE = 50  # chunks a second
SAVED_EVERY_SECONDS = 2


def in_chaos(chunks: int) -> object:
    """One more moment to kill the process at, where there is time for it."""
    return pytest.param(chunks, marks=pytest.mark.chaos)


@pytest.fixture(params=BACKENDS)
def raxdash(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation of its own, because its web process will not survive the test."""
    with installed_for_alice(tmp_path, **parts(request, request.param)) as installation:
        set_pace(installation, PACE)
        yield installation


@pytest.mark.parametrize("chunks", [SAVED_EVERY_SECONDS * PACE, *(in_chaos(n) for n in (60, 75, 130, 190))])
def test_a_killed_web_process_loses_two_seconds_of_text_at_most(raxdash: Installation, chunks: int) -> None:
    with Visitor(raxdash) as visitor:
        run = visitor.run(LONG)
        with visitor.following(visitor.stream_address(run)) as events:
            list(islice(events, chunks))
            raxdash.kill("web", signal.SIGKILL)
        wait_until(lambda: visitor.exchanges()[0]["outcome"] == "client_left", "the simulator to see the end")
        sent = int(str(visitor.exchanges()[0]["tokens"]))
        saved = count_tokens(str(visitor.row(run)["text"]))
        assert 0 <= sent - saved <= SAVED_EVERY_SECONDS * PACE
        raxdash.start_web()
        fragment = visitor.fragment(run)
        assert str(visitor.row(run)["text"]).split()[-2] in words(fragment)
        assert "data-live" in fragment
        wait_until(lambda: "Interrupted" in visitor.fragment(run), "the lease to run out")
        assert "went away" in words(visitor.fragment(run))


def test_a_stopped_web_process_saves_everything_and_ends_its_streams(raxdash: Installation) -> None:
    with Visitor(raxdash) as visitor:
        run = visitor.run(LONG)
        web = raxdash.processes["web"]
        with visitor.following(visitor.stream_address(run)) as events:
            seen = words("".join(event["data"] for event in islice(events, PACE)))
            os.killpg(web.pid, signal.SIGTERM)
            assert all("event" not in event for event in events)  # the page comes back by itself
        assert web.wait(timeout=30) in {0, -signal.SIGTERM}
        row = visitor.row(run)
        assert row["state"] == "interrupted"
        assert seen.split()[-1] in str(row["text"])
        assert "Traceback" not in raxdash.log("web")
