"""What lives as long as the web process: the pool of connections, the runs, their saver and readers."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.conf import settings

from playground import storage
from playground.models import State
from playground.readers import readers
from playground.runner import runner
from playground.saver import Saver
from playground.this_log import log
from rax import Connections

STOP_SECONDS = 2.0
STOPPED_SERVER = "The server was stopped while this run went on. What had arrived is kept."

_saving: asyncio.Task[None] | None = None
_stopping: asyncio.Task[None] | None = None


async def start() -> None:
    """Open the pool, start saving, and notice a stop before the server waits for open streams."""
    global _saving, _stopping
    _stopping = None
    readers.open()
    runner.connections = Connections(allow=settings.UPSTREAM_ALLOW)
    await log.start(lambda run_id: runner.end(run_id, State.STOPPED))
    _saving = asyncio.create_task(Saver(runner).keep_saving(), name="saver")
    for number in (signal.SIGTERM, signal.SIGINT):
        notice(number, asyncio.get_running_loop())


async def stop() -> None:
    """End every stream and run, store how they ended, and close the pool. May be called twice."""
    global _stopping
    if _stopping is None:
        _stopping = asyncio.create_task(_stop(), name="stop")
    await asyncio.shield(_stopping)


async def _stop() -> None:
    readers.close()
    connections, runner.connections = runner.connections, None
    await runner.end_all(State.INTERRUPTED, STOPPED_SERVER, STOP_SECONDS)
    if _saving:
        _saving.cancel()
        await asyncio.wait([_saving])
    await log.aclose()
    if connections:
        await connections.aclose()
    await asyncio.to_thread(storage.close)


def notice(number: int, loop: asyncio.AbstractEventLoop) -> None:
    """Begin to stop on this signal, then do what was to be done on it.

    Servers wait for open responses before they end the lifespan, and a stream is open until it is told.
    """
    try:
        before: Any = signal.getsignal(number)
        handler = stopping_handler(loop, before)
        signal.signal(number, handler)
    except ValueError:
        return  # not the main thread: somebody else handles signals


def stopping_handler(
    loop: asyncio.AbstractEventLoop, before: Callable[[int, FrameType | None], Any] | int | None
) -> Callable[[int, FrameType | None], None]:
    """Return a signal handler that begins `stop` on the loop and passes the signal on."""

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(lambda: loop.create_task(stop()))
        if callable(before):
            before(number, frame)

    return handle
