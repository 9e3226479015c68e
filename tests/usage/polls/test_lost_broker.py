"""A broker may go away, and its file be deleted: the database says what is due."""

import time
from contextlib import ExitStack

import pytest

from tests.installation import free_port, wait_until
from tests.installed import installed_for_alice
from tests.playground.visitor import Visitor
from tests.servers import new_database, running_redis
from tests.usage.running import HOURLY, add_key, counted, know_key, press_poll_now, slots, spend, told

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]


def test_a_broker_that_was_away_costs_no_poll(tmp_path, request: pytest.FixtureRequest) -> None:
    port = free_port()
    database = new_database(request.getfixturevalue("postgres"))
    parts = {"DATABASE_URL": database, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with ExitStack() as stack:
        broker = stack.enter_context(ExitStack())
        broker.enter_context(running_redis(port))
        raxdash = stack.enter_context(installed_for_alice(tmp_path, **HOURLY, **parts))
        alice = stack.enter_context(Visitor(raxdash))
        raxdash.start_worker()
        know_key(raxdash, "rax_first")
        add_key(alice, "First", "rax_first")
        wait_until(lambda: slots(raxdash, "First"), "the first poll")
        broker.close()
        know_key(raxdash, "rax_away")
        add_key(alice, "Away", "rax_away")
        time.sleep(6)  # a tick passes without a broker
        assert slots(raxdash, "Away") == []
        broker.enter_context(running_redis(port))
        # What a lost connection took along is asked again once its lease is over.
        wait_until(
            lambda: slots(raxdash, "Away"), lambda: f"the broker to be used again: {raxdash.log('worker')}"
        )
        assert counted(raxdash, "Away") == told(raxdash, "rax_away")


def test_a_deleted_broker_file_costs_no_poll(tmp_path) -> None:
    with installed_for_alice(tmp_path, **HOURLY) as raxdash, Visitor(raxdash) as alice:
        raxdash.start_worker()
        know_key(raxdash, "rax_first")
        add_key(alice, "First", "rax_first")
        wait_until(lambda: slots(raxdash, "First"), "the first poll")
        for path in tmp_path.glob("broker.sqlite3*"):
            path.unlink()
        know_key(raxdash, "rax_deleted")
        spend(raxdash, "rax_deleted")
        add_key(alice, "Deleted", "rax_deleted")
        wait_until(lambda: slots(raxdash, "Deleted"), "a poll without the broker's file")
        raxdash.kill("worker")
        raxdash.manage("prepare")
        raxdash.start_worker()
        spend(raxdash, "rax_deleted")
        press_poll_now(alice)
        wait_until(lambda: len(slots(raxdash, "Deleted")) == 2, "a poll with a new file")
        assert counted(raxdash, "Deleted") == told(raxdash, "rax_deleted")
