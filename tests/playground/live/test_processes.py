"""A web process that is killed loses little, and one that is told to stop loses nothing."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from time import sleep

import pytest

from rax.simulator.tokens import count_tokens
from tests.installation import PATIENCE_SECONDS, Installation, wait_until
from tests.installed import installed_for_alice
from tests.playground.conftest import BACKENDS, parts, set_pace, steer
from tests.playground.live.test_unsaved_ends import UNSAVED, broken_database, held, ledger
from tests.playground.visitor import Visitor, words

pytestmark = pytest.mark.processes
LONG = "Tell me a very long story about half-lives. Write 3000 words."
# Longer, at twenty words a second, than any fault here lasts.
STORY = "Tell me a long story about half-lives. Write 800 words."
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
        assert web.wait(timeout=PATIENCE_SECONDS) in {0, -signal.SIGTERM}
        row = visitor.row(run)
        assert row["state"] == "interrupted"
        assert seen.split()[-1] in str(row["text"])
        assert "Traceback" not in raxdash.log("web")


def test_a_run_that_was_killed_before_its_first_word_counts_its_prompt(
    raxdash: Installation,
) -> None:
    steer(raxdash, {"first_token_seconds": 600})
    with Visitor(raxdash) as visitor:
        before = len(visitor.exchanges())
        run = visitor.run("Say hello.")
        wait_until(lambda: len(visitor.exchanges()) > before, "the request to be sent")
        raxdash.kill("web", signal.SIGKILL)
        raxdash.start_web()
        row = visitor.wait_for_end(run)
        assert (row["state"], row["stop_cause"], row["completion_tokens"]) == (
            "interrupted",
            "server_lost",
            0,
        )
        assert ledger(visitor, run) == [(0, False)]
        assert held(visitor) == []


@pytest.mark.chaos
def test_a_process_that_stood_still_has_the_last_word(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Another process takes its runs for lost meanwhile: one goes on, one is over when it comes back."""
    with installed_for_alice(tmp_path, **parts(request, "grown up")) as raxdash:
        raxdash.start_web("second", raxdash.second_port)
        with Visitor(raxdash) as visitor:
            set_pace(raxdash, 20)
            runs = [visitor.run(STORY), visitor.run("Say hello in ten words.")]
            wait_until(lambda: visitor.row(runs[0])["text"], "the first words to be saved")
            os.killpg(raxdash.processes["web"].pid, signal.SIGSTOP)
            wait_until(lambda: not visitor.live_runs(), "the runs to be taken for lost")
            os.killpg(raxdash.processes["web"].pid, signal.SIGCONT)
            wait_until(lambda: visitor.row(runs[0])["state"] == "running", "the run to be taken back")
            set_pace(raxdash, 2_000)
            rows = [visitor.wait_for_end(run) for run in runs]
            assert [row["state"] for row in rows] == ["completed", "completed"]
            for run, row in zip(runs, rows, strict=True):
                assert count_tokens(str(row["text"])) == row["completion_tokens"]
                assert ledger(visitor, run) == [(row["completion_tokens"], True)]
            assert held(visitor) == []


@pytest.mark.chaos
def test_a_database_that_is_locked_for_longer_than_a_lease_costs_no_run(tmp_path: Path) -> None:
    with installed_for_alice(tmp_path) as raxdash, Visitor(raxdash) as visitor:
        set_pace(raxdash, 20)
        runs = [visitor.run(STORY), visitor.run("Say hello in ten words.")]
        file = tmp_path / "raxdash.sqlite3"
        with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            sleep(24)
            other.rollback()
        rows = [visitor.wait_for_end(run) for run in runs]
        assert [row["state"] for row in rows] == ["completed", "completed"]
        for run, row in zip(runs, rows, strict=True):
            assert [(tokens, bool(told)) for tokens, told in ledger(visitor, run)] == [
                (row["completion_tokens"], True)
            ]


def test_a_stopped_process_stores_what_waits_as_long_as_it_may(raxdash: Installation) -> None:
    with Visitor(raxdash) as visitor:
        # As long as that, it does not end before the database is broken.
        run = visitor.run("Tell me a story about half-lives. Write 200 words.")
        web = raxdash.processes["web"]
        with visitor.following(visitor.stream_address(run)) as events:
            next(events)  # who follows was let in
            with broken_database(raxdash):
                next(event for event in events if UNSAVED in event["data"])
                os.killpg(web.pid, signal.SIGTERM)
                sleep(0.5)
        assert web.wait(timeout=PATIENCE_SECONDS) in {0, -signal.SIGTERM}
        assert visitor.row(run)["state"] == "completed"
