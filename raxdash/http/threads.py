"""Threads that answer requests, one after the other, and keep their database connections meanwhile.

Django gives each request a thread of its own, which opens a connection and ends with it: on SQLite, where a
new connection reads the whole schema first, that costs more than most pages ask. Here a thread that is free
answers the next request. Where none is, one is made, as many as there are requests; of those that are free a
few are kept.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager

from django.db import connections

# What hardly ever waits, on few cores, needs no more.
MOST_KEPT = 4


class Threads:
    """The free threads of a process, each an executor of its own. Use it on one event loop."""

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self._most_kept = most_kept
        self._free: list[Executor] = []

    def __len__(self) -> int:
        return len(self._free)

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Executor]:
        """Yield a thread that nobody else uses: the last one that was given back, whose memory is warm."""
        executor = self._free.pop() if self._free else ThreadPoolExecutor(1, thread_name_prefix="request")
        try:
            yield executor
        except BaseException:
            # What was cancelled may go on in its thread: nobody else waits behind it.
            end(executor)
            raise
        self._give_back(executor)

    def _give_back(self, executor: Executor) -> None:
        if len(self._free) < self._most_kept:
            self._free.append(executor)
        else:
            end(executor)

    async def close(self) -> None:
        """End the free threads, with their connections; a later request gets another."""
        free, self._free = self._free, []
        for executor in free:
            end(executor)
        await asyncio.gather(*(asyncio.to_thread(executor.shutdown) for executor in free))


def end(executor: Executor) -> None:
    """Let a thread close its connections and end, after what it is doing."""
    executor.submit(connections.close_all)
    executor.shutdown(wait=False)
