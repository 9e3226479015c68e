"""A database that fails for a while costs no run its text or its end: those wait, and the page says so."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest

from rax.simulator.tokens import count_tokens
from tests.installation import Installation, wait_until
from tests.playground.conftest import set_pace
from tests.playground.visitor import Visitor, words

pytestmark = pytest.mark.processes
STORY = "Tell me a story about half-lives. Write 60 words."
LONG = "Tell me a very long story about half-lives. Write 3000 words."
# As slow as that, the story does not end before the database is broken.
SLOWLY = 15
UNSAVED = "Finished, not saved yet"
EVERYTHING = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@contextmanager
def broken_database(installation: Installation) -> Iterator[None]:
    """Let the web process write nothing to its SQLite file, or connect to PostgreSQL no more."""
    url = installation.environment.get("DATABASE_URL")
    with cut_off(url) if url else full_disk(installation.processes["web"].pid):
        yield


@contextmanager
def full_disk(process: int) -> Iterator[None]:
    """Refuse a process every byte that it writes to files."""
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, EVERYTHING)


@contextmanager
def cut_off(url: str) -> Iterator[None]:
    """Cut all connections to a database, and let nobody connect to it."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            admin.execute(cut, [name])
            yield
        finally:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def ledger(visitor: Visitor, run: UUID) -> list[tuple[object, ...]]:
    """Return the run's lines of local usage."""
    identifier = run if "DATABASE_URL" in visitor.installation.environment else run.hex
    sql = "SELECT completion_tokens, is_reported FROM usage_localusage WHERE run = ?"
    return visitor.installation.rows(sql, identifier)


def held(visitor: Visitor) -> list[object]:
    """Return what runs hold of the limits of their keys."""
    found = visitor.installation.rows("SELECT holds FROM usage_limiterwindow")
    return [holds for (holds,) in found if holds not in ("{}", {})]


def test_an_end_that_cannot_be_stored_waits_and_is_stored_whole(visitor: Visitor) -> None:
    set_pace(visitor.installation, SLOWLY)
    run = visitor.run(STORY)
    with visitor.following(visitor.stream_address(run)) as events:
        next(events)
        with broken_database(visitor.installation):
            message = next(event for event in events if UNSAVED in event["data"])
            assert f'hx-target="#foot-{run}"' in message["data"]
        assert list(events)[-1]["event"] == "closed"
    row = visitor.wait_for_end(run)
    assert (row["state"], row["error_message"], bool(row["tokens_reported"])) == ("completed", "", True)
    assert count_tokens(str(row["text"])) == row["completion_tokens"]
    assert [(int(str(tokens)), bool(told)) for tokens, told in ledger(visitor, run)] == [
        (row["completion_tokens"], True)
    ]
    assert held(visitor) == []
    assert "Completed" in words(visitor.fragment(run))


def test_stop_closes_upstream_while_nothing_can_be_stored(live_raxdash: Installation) -> None:
    with Visitor(live_raxdash) as visitor:
        set_pace(live_raxdash, 20)
        run = visitor.run(LONG)
        with visitor.following(visitor.stream_address(run)) as events:
            next(events)
            with broken_database(live_raxdash):
                visitor.stop(run)
                next(event for event in events if UNSAVED in event["data"])
                assert visitor.exchanges()[-1]["outcome"] == "client_left"
                fragment = visitor.fragment(run)
                assert UNSAVED in words(fragment)
                assert "/stop/" not in fragment
            list(events)
        row = visitor.wait_for_end(run)
        assert (row["state"], row["stop_cause"]) == ("stopped", "member")
        assert held(visitor) == []


def test_the_next_turn_waits_for_an_end_that_is_not_saved(live_raxdash: Installation) -> None:
    with Visitor(live_raxdash) as visitor:
        set_pace(live_raxdash, SLOWLY)
        run = visitor.run(STORY)
        with visitor.following(visitor.stream_address(run)) as events:
            next(events)  # who follows was let in
            with broken_database(live_raxdash):
                next(event for event in events if UNSAVED in event["data"])
                answer = visitor.press_run("Go on.", conversation=visitor.conversation_of(run))
        assert "not saved yet" in words(answer.text)
        visitor.wait_for_end(run)


def test_a_connection_that_is_cut_again_and_again_costs_no_run(grown_up_raxdash: Installation) -> None:
    url = grown_up_raxdash.environment["DATABASE_URL"]
    with Visitor(grown_up_raxdash) as visitor:
        set_pace(grown_up_raxdash, 40)
        runs = [visitor.run(STORY) for _ in range(3)]
        with psycopg.connect(f"{url.rpartition('/')[0]}/postgres", autocommit=True) as admin:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            for _ in range(6):
                admin.execute(cut, [url.rpartition("/")[2]])
                admin.execute("SELECT pg_sleep(0.4)")
        wait_until(lambda: not visitor.live_runs(), "all runs to end")
        assert [visitor.row(run)["state"] for run in runs] == ["completed"] * 3


def test_connections_that_were_cut_between_runs_cost_the_next_ones_nothing(
    grown_up_raxdash: Installation,
) -> None:
    server, _, name = grown_up_raxdash.environment["DATABASE_URL"].rpartition("/")
    with Visitor(grown_up_raxdash) as visitor:
        set_pace(grown_up_raxdash, 200)
        for run in [visitor.run(STORY) for _ in range(3)]:
            visitor.wait_for_end(run)
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            admin.execute(cut, [name])
        runs = [visitor.run(STORY) for _ in range(3)]
        assert [visitor.wait_for_end(run)["state"] for run in runs] == ["completed"] * 3
