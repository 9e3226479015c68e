"""Run is pressed several times in one moment: by a double click, or in many tabs."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.installation import Installation, wait_until
from tests.playground.conftest import set_pace
from tests.playground.visitor import Visitor

pytestmark = pytest.mark.processes
LONG = "Tell me a very long story about half-lives. Write 1500 words."


def at_once(*presses: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """Return what is answered to several presses of a button in one moment."""
    with ThreadPoolExecutor(len(presses)) as pool:
        return [pressed.result() for pressed in [pool.submit(press) for press in presses]]


@pytest.mark.usefixtures("in_a_hurry")
def test_two_presses_at_once_are_one_run(visitor: Visitor) -> None:
    first = visitor.run("Say hello.")
    visitor.wait_for_end(first)
    before, key = len(visitor.exchanges()), str(uuid4())
    conversation = visitor.conversation_of(first)
    press = partial(visitor.press_run, "And again.", idempotency_key=key, conversation=conversation)
    answers = at_once(*[press] * 4)
    assert all("HX-Redirect" in answer.headers or "run-" in answer.text for answer in answers)
    assert not any("still being written" in answer.text for answer in answers)
    visitor.wait_for_end(visitor.runs_of(conversation)[-1])
    assert len(visitor.exchanges()) == before + 1


PRESSES, RUNS_PER_PERSON = 20, 8
TABS = 3


@contextmanager
def held(installation: Installation, conversation: str) -> Iterator[None]:
    """Keep everybody else from going on with a conversation."""
    if url := installation.environment.get("DATABASE_URL"):
        with psycopg.connect(url) as connection:
            sql = "SELECT 1 FROM playground_conversation WHERE id = %s FOR UPDATE"
            connection.execute(sql, [conversation])
            yield
        return
    with closing(sqlite3.connect(installation.folder / "raxdash.sqlite3", timeout=20)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def waiting(installation: Installation) -> int:
    """Return how many wait for somebody else in PostgreSQL; SQLite does not tell, and has one writer."""
    if "DATABASE_URL" not in installation.environment:
        return TABS
    sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = ? AND datname = current_database()"
    ((count,),) = installation.rows(sql, "Lock")
    return int(count)


@pytest.mark.usefixtures("in_a_hurry")
def test_of_tabs_that_go_on_at_once_one_does(visitor: Visitor) -> None:
    first = visitor.run("Say hello.")
    visitor.wait_for_end(first)
    conversation = visitor.conversation_of(first)
    set_pace(visitor.installation, 5)
    with ThreadPoolExecutor(TABS) as pool:
        with held(visitor.installation, conversation):
            presses = [pool.submit(visitor.press_run, LONG, conversation=conversation) for _ in range(TABS)]
            wait_until(lambda: waiting(visitor.installation) == TABS, "all tabs to wait for the conversation")
        answers = [press.result() for press in presses]
    assert sum("still being written" in answer.text for answer in answers) == TABS - 1
    *others, last = visitor.runs_of(conversation)
    assert others == [first]
    visitor.stop(last)


@pytest.mark.usefixtures("in_a_hurry")
def test_of_tabs_that_begin_at_once_as_many_do_as_one_person_may(visitor: Visitor) -> None:
    visitor.stop_all()
    set_pace(visitor.installation, 5)
    with ThreadPoolExecutor(PRESSES) as pool:
        answers = list(pool.map(visitor.press_run, [LONG] * PRESSES))
    refused = [answer for answer in answers if "wait for one of yours to end" in answer.text]
    assert (len(refused), len(visitor.live_runs())) == (PRESSES - RUNS_PER_PERSON, RUNS_PER_PERSON)
    visitor.stop_all()
