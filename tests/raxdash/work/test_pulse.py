"""Tick and heartbeat go on, whatever the pool of a worker is busy with and wherever the broker is."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from raxdash.work import pulse
from tests.installation import ROOT, Installation, wait_until
from tests.parts import first_of_all
from tests.usage.polls.waiting import worker_in_mid_poll

HEARTBEAT = "SELECT at FROM raxdash_heartbeat"


def test_a_beat_that_fails_costs_the_next_one_nothing(caplog: pytest.LogCaptureFixture) -> None:
    beats: list[int] = []

    def fail() -> None:
        beats.append(1)
        raise RuntimeError

    beat = pulse.Beat(fail, 0.0)
    beat.go_on()
    beat.go_on()
    assert len(beats) == 2
    assert "A beat failed" in caplog.text


def test_it_beats_soon_again_where_something_is_left() -> None:
    left, none = pulse.Beat(lambda: True, 60.0), pulse.Beat(lambda: False, 60.0)
    left.go_on()
    none.go_on()
    assert left.at < time.monotonic() + 1 < none.at


def test_no_child_is_forked_in_the_middle_of_a_beat() -> None:
    entered, leave = threading.Event(), threading.Event()

    def beat() -> None:
        entered.set()
        leave.wait()

    beating = threading.Thread(target=pulse.Beat(beat, 60.0).go_on)
    beating.start()
    entered.wait()
    fork = threading.Thread(target=pulse._Forking.begin)
    fork.start()
    fork.join(0.1)
    assert fork.is_alive()
    leave.set()
    fork.join()
    beating.join()
    assert pulse._Forking.held
    pulse._Forking.end()


@pytest.mark.processes
@pytest.mark.parametrize("kind", first_of_all("grown up"))
def test_it_goes_on_while_every_place_of_the_pool_waits(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    with worker_in_mid_poll(request, tmp_path, kind, "-c", "1") as (raxdash, gate):
        seen = newest(raxdash)
        wait_until(lambda: newest(raxdash) != seen, "the next heartbeat")
        gate.open.set()


def newest(raxdash: Installation) -> str:
    return max((str(at) for (at,) in raxdash.rows(HEARTBEAT)), default="")


ORDER = """
from celery.worker import WorkController
from raxdash.celery import app
blueprint = WorkController.Blueprint(steps=app.steps["worker"])
names = [step.name.rpartition(".")[2] for step in blueprint._finalize_steps(blueprint.claim_steps())]
print(names.index("Beat") < names.index("Pulse"))
"""


@pytest.mark.parametrize("seed", ["1", "4"])
def test_beat_is_forked_before_the_thread_opens_anything(tmp_path: Path, seed: str) -> None:
    """Steps that do not ask for one another start in an order that depends on the seed."""
    environment = Installation(tmp_path).environment | {"PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", ORDER]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout == "True\n"
