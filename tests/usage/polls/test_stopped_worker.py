"""A worker that is told to stop finishes what it has begun, in both pools."""

from pathlib import Path

import pytest

from tests.installation import wait_until
from tests.installed import prepared
from tests.playground.conftest import BACKENDS, parts
from tests.usage.polls.gate import running_gate

pytestmark = pytest.mark.processes
POLLS = "SELECT status FROM usage_rawpoll"


@pytest.mark.parametrize("kind", BACKENDS)
def test_it_stores_the_poll_that_it_waits_for(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    with prepared(tmp_path, **parts(request, kind)) as raxdash, running_gate() as (gate, base_url):
        gate.open.clear()
        raxdash.environment["RAX_BASE_URL"] = base_url
        raxdash.set_up()
        raxdash.start_worker("worker", "--pool", "threads" if kind == "embedded" else "prefork")
        wait_until(lambda: gate.asked == 1, "the poll to be under way")
        worker = raxdash.processes["worker"]
        worker.terminate()  # the main process alone: the children of a pool die of it
        wait_until(lambda: "Warm shutdown" in raxdash.log("worker"), "the worker to hear it")
        assert raxdash.rows(POLLS) == []
        gate.open.set()
        assert worker.wait(timeout=60) == 0
        assert raxdash.rows(POLLS) == [(200,)]
