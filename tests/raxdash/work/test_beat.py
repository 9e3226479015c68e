"""Beat goes on whatever becomes of the clock."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from celery import Celery

from raxdash.work.beat import SteadyScheduler
from tests.installation import wait_until
from tests.installed import prepared


def sent(folder: Path) -> int:
    """How many messages there ever were: the embedded broker keeps what was read for a while."""
    with closing(sqlite3.connect(folder / "broker.sqlite3", timeout=20)) as broker:
        return broker.execute("SELECT COUNT(*) FROM kombu_message").fetchone()[0]


def test_a_broker_that_is_away_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with Celery("test", broker="redis://127.0.0.1:1/0", set_as_current=False) as app:
        app.conf.update(task_publish_retry=False, broker_transport_options={"max_retries": 0})
        scheduler = SteadyScheduler(app, lazy=True)
        scheduler.update_from_dict({"tick": {"task": "tests.tick", "schedule": 5.0}})
        scheduler.apply_entry(scheduler.data["tick"])
    assert [(record.message, record.exc_info) for record in caplog.records] == [
        ("The broker did not take tick: OperationalError", None)
    ]


@pytest.mark.processes
def test_it_goes_on_when_the_clock_is_set_back_by_an_hour(tmp_path: Path) -> None:
    set_back = tmp_path / "set-back"
    with prepared(tmp_path, SET_BACK=str(set_back)) as raxdash:
        raxdash.celery_app = "tests.set_back"
        raxdash.start_worker()
        wait_until(lambda: sent(tmp_path) >= 6, "beat's first messages")
        set_back.touch()
        before = sent(tmp_path)
        # What was under way when the file came counts too.
        wait_until(lambda: sent(tmp_path) >= before + 12, lambda: raxdash.log("worker"))
