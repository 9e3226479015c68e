"""One event loop and one pool of connections for all polls of this process.

Connections, and the TLS handshakes that they cost, outlive a batch. The loop has a thread of its own: tasks
run in threads or in child processes, and each of them only waits for what it asked.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from uvloop import new_event_loop

from rax import Connections

CLOSE_SECONDS = 2


class Upstream:
    """A loop with its pools: one for each set of addresses that may be called."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._pools: dict[tuple[str, ...], Connections] = {}
        self._loop = new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="upstream", daemon=True)
        self._thread.start()

    def is_ours(self) -> bool:
        """Tell whether the loop runs here: a forked child has its parent's memory, not its threads."""
        return self._process == os.getpid()

    def run[Result](
        self, allow: tuple[str, ...], ask: Callable[[Connections], Coroutine[Any, Any, Result]]
    ) -> Result:
        """Return what `ask` returns, called with the pool that may call `allow`. Blocks this thread."""
        return asyncio.run_coroutine_threadsafe(self._run(allow, ask), self._loop).result()

    async def _run[Result](
        self, allow: tuple[str, ...], ask: Callable[[Connections], Coroutine[Any, Any, Result]]
    ) -> Result:
        if allow not in self._pools:
            self._pools[allow] = Connections(allow=allow)
        return await ask(self._pools[allow])

    def close(self) -> None:
        """Close the connections and end the thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(CLOSE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSE_SECONDS)
        self._loop.close()

    async def _close(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


_lock = threading.Lock()
_upstream: Upstream | None = None


def upstream() -> Upstream:
    """Return this process's loop, started by whoever asks first."""
    global _upstream
    with _lock:
        if _upstream is None or not _upstream.is_ours():
            _upstream = Upstream()
        return _upstream


@atexit.register
def close() -> None:
    """Close the loop of this process, if it has one; a later question starts another."""
    global _upstream
    with _lock:
        ours, _upstream = _upstream, None
    if ours is not None and ours.is_ours():
        ours.close()
