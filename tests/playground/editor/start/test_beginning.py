"""Nothing that is written waits for a launch that never comes."""

import asyncio
from uuid import uuid4

import pytest

from playground.editor.start import beginning
from playground.editor.start.starting import Start
from playground.live.orders import Order
from playground.live.outcomes import RunOutcome
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
    launched: list[Order] = []
    may_write, asked = asyncio.Event(), order()

    async def launch(order: Order) -> None:
        await may_write.wait()
        launched.append(order)

    monkeypatch.setattr(runner, "launch", launch)
    view = asyncio.create_task(beginning.begin(lambda: Start(Run(), asked), lambda start: [start]))
    await asyncio.sleep(0)
    view.cancel()
    await asyncio.wait([view])
    await runner.wait(0.05)
    assert launched == []
    may_write.set()
    await runner.wait(60)
    assert launched == [asked]


async def test_a_run_that_a_stopped_server_wrote_says_that_nothing_was_sent(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[RunOutcome] = []
    monkeypatch.setattr(beginning, "store_end", lambda _, outcome: ends.append(outcome))
    asked = order()
    begun = await beginning.begin(lambda: Start(Run(pk=uuid4()), asked), lambda start: [start])
    (end,) = ends
    assert begun.order == asked
    assert (end.state, end.stop_cause) == (RunState.INTERRUPTED, StopCause.SERVER_STOPPED)
    assert "Nothing was sent" in end.error.message
    assert end.finished_at
