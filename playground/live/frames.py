"""The pace of live runs: what arrives within one frame is taken, shown and sent together."""

import asyncio

# Text that grows twenty times a second reads as a flow; to carry a piece costs more than what it says.
FRAME_SECONDS = 1 / 20
EARLY_SECONDS = 0.002


class Frames:
    """The frames of one event loop. All who wait for the next one are woken by one timer."""

    def __init__(self, seconds: float = FRAME_SECONDS) -> None:
        self._seconds = seconds
        self._next: asyncio.Event | None = None

    async def next(self) -> None:
        """Return when the next frame begins."""
        if self._next is None:
            self._next = asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.call_later(self.until_next(loop.time()), self._begin)
        await self._next.wait()

    def until_next(self, now: float) -> float:
        """Return the seconds until the next frame. uvloop's timers ring up to a millisecond too early: who is
        woken just before a frame is in it, and waits for the one after it."""
        rest = self._seconds - now % self._seconds
        return rest if rest > EARLY_SECONDS else rest + self._seconds

    def _begin(self) -> None:
        begun, self._next = self._next, None
        if begun:
            begun.set()
