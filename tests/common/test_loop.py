"""One loop and one pool for all polls of a process."""

import os
import threading
from collections.abc import Iterator

import pytest

from common.loop import close, process_loop
from rax import Connections
from rax.simulator import Simulator, running_simulator
from usage.polls.asking import PER_HOST, Question, ask

HERE = ("127.0.0.0/8",)


@pytest.fixture
def provider(settings) -> Iterator:
    settings.UPSTREAM_ALLOW = HERE
    with running_simulator(Simulator()) as server:
        yield server


async def pool(connections: Connections) -> Connections:
    return connections


def questions(provider, count: int) -> list[Question]:
    return [Question(number, provider.base_url, "rax_demo_pro", False) for number in range(count)]


def test_batches_share_their_connections():
    assert process_loop().run(HERE, Connections, pool) is process_loop().run(HERE, Connections, pool)


def test_what_may_be_called_by_one_pool_may_not_by_another():
    assert process_loop().run(HERE, Connections, pool) is not process_loop().run((), Connections, pool)


def test_threads_share_one_loop():
    found = []
    threads = [threading.Thread(target=lambda: found.append(process_loop())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_a_forked_child_starts_a_loop_of_its_own():
    ours = process_loop()
    ours._process = -1  # as in the memory of a child
    try:
        theirs = process_loop()
        assert theirs is not ours
        assert theirs.run(HERE, Connections, pool) is not None
    finally:
        ours._process = os.getpid()
        ours.close()


def test_what_is_closed_is_started_again():
    before = process_loop()
    close()
    assert process_loop() is not before
    assert process_loop()._process == os.getpid()


def test_answers_come_in_the_order_of_the_questions(provider):
    told = ask(questions(provider, PER_HOST + 6))
    assert [answer.meter_id for answer in told] == list(range(PER_HOST + 6))


def test_waiting_for_a_turn_is_no_part_of_a_deadline(provider, monkeypatch):
    monkeypatch.setattr("usage.polls.asking.PER_HOST", 1)
    first, *_, last = ask(questions(provider, 5))
    assert first.ended_at <= last.started_at
