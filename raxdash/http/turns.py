"""Whose turn it is to be answered: only a few requests at once, in the order in which they came.

Where two hundred threads share one interpreter all of them are late, and the event loop, on which everything
streams, goes on when each of them has had its share. So the others wait, in order. But nobody waits for what
only waits itself, for a server that does not answer perhaps: a turn that lasts long counts for none. And who
ends something, a Stop, comes before all who begin something.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# Enough for a core, with some that wait for the database.
MOST_AT_ONCE = 4
# Many times what a page computes.
LONG_SECONDS = 0.25


class Turns:
    """The turns of a process. Use it on one event loop."""

    def __init__(self, most_at_once: int = MOST_AT_ONCE, long_seconds: float = LONG_SECONDS) -> None:
        self._free, self._long_seconds = most_at_once, long_seconds
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def one(self, is_urgent: bool = False) -> AsyncIterator[None]:
        """Wait for a turn, and have it; who is urgent waits for the urgent alone."""
        await self._begun(self._urgent if is_urgent else self._waiting)
        is_long = False

        def make_room() -> None:
            nonlocal is_long
            is_long = True
            self._next()

        room = asyncio.get_running_loop().call_later(self._long_seconds, make_room)
        try:
            yield
        finally:
            room.cancel()
            if not is_long:
                self._next()

    async def _begun(self, queue: deque[asyncio.Future[None]]) -> None:
        """Return when it is one's turn in a queue."""
        if self._free:
            self._free -= 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._next()
            raise

    def _next(self) -> None:
        """Give a place that has become free to who has waited longest, the urgent first."""
        while queue := self._urgent or self._waiting:
            place = queue.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1
