"""A worker that is told to stop finishes what it has begun, in both pools."""

from pathlib import Path

import pytest

from tests.installation import PATIENCE_SECONDS, wait_until
from tests.parts import first_of_all
from tests.usage.polls.waiting import worker_in_mid_poll

pytestmark = pytest.mark.processes
POLLS = "SELECT status FROM usage_rawpoll"


@pytest.mark.parametrize("kind", first_of_all("grown up"))
def test_it_stores_the_poll_that_it_waits_for(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    with worker_in_mid_poll(request, tmp_path, kind) as (raxdash, gate):
        worker = raxdash.processes["worker"]
        worker.terminate()  # the main process alone: the children of a pool die of it
        wait_until(lambda: "Warm shutdown" in raxdash.log("worker"), "the worker to hear it")
        assert raxdash.rows(POLLS) == []
        gate.open.set()
        assert worker.wait(PATIENCE_SECONDS) == 0
        assert raxdash.rows(POLLS) == [(200,)]
