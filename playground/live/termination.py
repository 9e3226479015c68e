"""Hear SIGTERM and SIGINT before the server does: it waits for open streams, and those end when told."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from functools import partial
from types import FrameType
from typing import Any

type Work = Callable[[], Coroutine[Any, Any, None]]
type Handler = Callable[[int, FrameType | None], Any] | int | None


class TerminationSignals:
    """The first signal begins `stop`, the second `hurry`; any later one is the server's alone."""

    def __init__(self, stop: Work, hurry: Callable[[], None]) -> None:
        self._stop = stop
        self._hurry = hurry
        self._heard = 0
        self._loop = asyncio.get_running_loop()
        self._tasks: list[asyncio.Task[None]] = []

    def listen(self) -> None:
        """Take the signals, and keep whom they went to so far."""
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                before: Any = signal.getsignal(number)
                signal.signal(number, partial(self.hear, before))
        except ValueError:
            return  # not the main thread: somebody else handles signals

    def hear(self, before: Handler, number: int, frame: FrameType | None) -> None:
        """Act on a signal, and let the server act on it."""
        self._heard += 1
        if self._heard == 2:
            # The server may leave at once on it, so it is told when everything is stored.
            self._soon(partial(self._stop_now, before, number))
            return
        if self._heard == 1:
            self._soon(self._stop)
        pass_on(before, number, frame)

    def _soon(self, work: Work) -> None:
        self._loop.call_soon_threadsafe(lambda: self._tasks.append(self._loop.create_task(work())))

    async def _stop_now(self, before: Handler, number: int) -> None:
        self._hurry()
        await self._stop()
        pass_on(before, number, None)


def pass_on(before: Handler, number: int, frame: FrameType | None) -> None:
    """Let whom a signal went to before act on it."""
    if callable(before):
        before(number, frame)
