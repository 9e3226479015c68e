"""One event loop for what synchronous code asks of servers, with the pools of connections that it needs.

Connections, and the TLS handshakes that they cost, outlive a question. The loop has a thread of its own: web
requests and tasks run in threads or in child processes, and each of them only waits for what it asked.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine, Hashable
from concurrent.futures import Future
from typing import Any, Protocol

from uvloop import new_event_loop

CLOSE_SECONDS = 2


type Question[AnyPool, Result] = Callable[[AnyPool], Coroutine[Any, Any, Result]]


class Pool(Protocol):
    """What is kept between questions."""

    async def aclose(self) -> None:
        """Let go of everything."""


class Loop:
    """An event loop in a thread of its own, with its pools, each known by a name."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._pools: dict[Hashable, Pool] = {}
        self._loop = new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loop", daemon=True)
        self._thread.start()

    def is_ours(self) -> bool:
        """Tell whether the loop runs here: a forked child has its parent's memory, not its threads."""
        return self._process == os.getpid()

    def run[AnyPool: Pool, Result](
        self,
        name: Hashable,
        make: Callable[[], AnyPool],
        ask: Question[AnyPool, Result],
    ) -> Result:
        """Return what `ask` returns, called with the pool of this name. Blocks this thread.

        `make` is called for it in the loop's own thread, where there is none yet.
        """
        return self.begin(name, make, ask).result()

    def begin[AnyPool: Pool, Result](
        self,
        name: Hashable,
        make: Callable[[], AnyPool],
        ask: Question[AnyPool, Result],
    ) -> Future[Result]:
        """Begin the same, and return at once what it will come to; to cancel that is to stop asking."""
        return asyncio.run_coroutine_threadsafe(self._run(name, make, ask), self._loop)

    async def _run[AnyPool: Pool, Result](
        self,
        name: Hashable,
        make: Callable[[], AnyPool],
        ask: Question[AnyPool, Result],
    ) -> Result:
        if name not in self._pools:
            self._pools[name] = make()
        pool: Any = self._pools[name]
        return await ask(pool)

    def close(self) -> None:
        """Close the pools and end the thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(CLOSE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSE_SECONDS)
        self._loop.close()

    async def _close(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


_lock = threading.Lock()
_loop: Loop | None = None


def process_loop() -> Loop:
    """Return this process's loop, started by whoever asks first."""
    global _loop
    with _lock:
        if _loop is None or not _loop.is_ours():
            _loop = Loop()
        return _loop


@atexit.register
def close() -> None:
    """Close the loop of this process, if it has one; a later question starts another."""
    global _loop
    with _lock:
        ours, _loop = _loop, None
    if ours is not None and ours.is_ours():
        ours.close()
