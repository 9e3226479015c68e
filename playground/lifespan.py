"""What lives as long as the web process: the pool of connections, the runs, their saver and readers."""

import asyncio
from uuid import UUID

from django.conf import settings

from playground.live import storage
from playground.live.outcome.outcomes import RunOutcome, ended_by_us
from playground.live.process_log import log
from playground.live.runner import runner
from playground.live.saver import Saver
from playground.live.termination import TerminationSignals
from playground.models import RunState, StopCause
from playground.streams.readers import readers
from teams import upstream

STOP_SECONDS = 2.0
STOPPED_SERVER = ended_by_us(
    RunState.INTERRUPTED,
    StopCause.SERVER_STOPPED,
    "The server was stopped while this run went on. What had arrived is kept.",
)

_saving: asyncio.Task[None] | None = None
_stopping: asyncio.Task[None] | None = None


async def start() -> None:
    """Open the pool, start saving, and notice a stop before the server waits for open streams."""
    global _saving, _stopping
    _stopping = None
    readers.open()
    runner.open(upstream.connections())
    await log.start(stop_run)
    _saving = asyncio.create_task(Saver(runner, readers.check).keep_saving(), name="saver")
    TerminationSignals(stop, end_what_is_left).listen()


async def stop() -> None:
    """Take no new runs, wait for the live ones `DRAIN_SECONDS`, end the rest, store how they ended.

    Returns when all is done. May be called several times.
    """
    global _stopping
    if _stopping is None:
        _stopping = asyncio.create_task(_stop(), name="stop")
    await asyncio.shield(_stopping)


def stop_run(run_id: UUID) -> None:
    """Stop a run of this process, as another process asks."""
    runner.end(run_id, RunOutcome(RunState.STOPPED))


def end_what_is_left() -> None:
    """End every stream and run now."""
    readers.close()
    runner.end_all(STOPPED_SERVER)


async def _stop() -> None:
    runner.close()
    # What other processes can show is read there. Otherwise this is the last place where it can be read.
    readers.close(but=() if log.is_shared() else runner.live)
    await runner.wait(settings.DRAIN_SECONDS)
    end_what_is_left()
    await runner.wait(STOP_SECONDS)
    if _saving:
        _saving.cancel()
        await asyncio.wait([_saving])
    await log.aclose()
    await runner.aclose()
    await asyncio.to_thread(storage.close)
