"""Beat goes on whatever becomes of the clock."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.installation import wait_until
from tests.installed import prepared

pytestmark = pytest.mark.processes


def sent(folder: Path) -> int:
    """How many messages there ever were: the embedded broker keeps what was read for a while."""
    with closing(sqlite3.connect(folder / "broker.sqlite3", timeout=20)) as broker:
        return broker.execute("SELECT COUNT(*) FROM kombu_message").fetchone()[0]


def test_it_goes_on_when_the_clock_is_set_back_by_an_hour(tmp_path: Path) -> None:
    set_back = tmp_path / "set-back"
    with prepared(tmp_path, SET_BACK=str(set_back)) as raxdash:
        raxdash.celery_app = "tests.set_back"
        raxdash.start_worker()
        wait_until(lambda: sent(tmp_path) >= 6, "beat's first messages")
        set_back.touch()
        before = sent(tmp_path)
        # What was under way when the file came counts too.
        wait_until(lambda: sent(tmp_path) >= before + 12, lambda: raxdash.log("worker"), 60)
