"""Nothing that is written waits for a launch that never comes."""

import asyncio
import threading
from uuid import uuid4

import pytest

from playground.editor.start import beginning
from playground.editor.start.starting import Start
from playground.live.outcome.orders import Order
from playground.live.outcome.outcomes import RunOutcome
from playground.live.runner import Runner
from playground.models import Run, RunState, StopCause
from tests.playground.live.scripted import order


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    """A runner of its own, which carries out nothing."""
    own = Runner()
    monkeypatch.setattr(beginning, "runner", own)
    return own


async def test_who_leaves_does_not_undo_what_was_begun(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: asyncio.Queue[Order] = asyncio.Queue()
    may_launch, asked = asyncio.Event(), order()

    async def launch(order: Order) -> None:
        await may_launch.wait()
        launched.put_nowait(order)

    monkeypatch.setattr(runner, "launch", launch)
    waiting = asyncio.create_task(beginning.launch_all([asked]))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    may_launch.set()
    async with asyncio.timeout(60):
        assert await launched.get() == asked


async def test_a_server_that_stops_waits_for_what_is_being_written(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[Order] = []
    may_write, asked = threading.Event(), order()

    async def launch(order: Order) -> None:
        launched.append(order)

    def write() -> Start:
        may_write.wait(60)
        return Start(Run(), asked)

    monkeypatch.setattr(runner, "launch", launch)
    view = asyncio.create_task(asyncio.to_thread(beginning.begin, write, lambda start: [start]))
    while not runner.starts:  # noqa: ASYNC110  it begins in another thread
        await asyncio.sleep(0)
    await runner.wait(0.05)
    assert launched == []
    may_write.set()
    await runner.wait(60)
    assert launched == [asked]
    assert not runner.starts
    await view


async def test_a_run_that_a_stopped_server_wrote_says_that_nothing_was_sent(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[RunOutcome] = []
    monkeypatch.setattr(beginning, "store_end", lambda _, outcome: ends.append(outcome))
    asked = order()
    begun = await asyncio.to_thread(
        beginning.begin, lambda: Start(Run(pk=uuid4()), asked), lambda start: [start]
    )
    (end,) = ends
    assert begun.order == asked
    assert (end.state, end.stop_cause) == (RunState.INTERRUPTED, StopCause.SERVER_STOPPED)
    assert "Nothing was sent" in end.error.message
    assert end.finished_at
