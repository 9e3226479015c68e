"""How a reader waits: for news or for a time, whichever comes first, at next to no cost for each piece."""

import asyncio
from time import monotonic

from playground.live.log.frames import EARLY_SECONDS


class Bell:
    """Wakes the one task that waits for it when it is rung, and at the latest at a time.

    What rings while nobody waits is not lost: the next wait returns at once. Times are of `time.monotonic`.
    A timer is left alone while news comes before it: making one for each wait would cost more than the news.
    """

    def __init__(self) -> None:
        self._is_rung = False
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._until = 0.0

    def ring(self) -> None:
        """Wake who waits, or who will."""
        self._is_rung = True
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def wait(self, until: float) -> None:
        """Return when it is rung, or when it was since the last wait, or at this time."""
        if not self._is_rung:
            loop = asyncio.get_running_loop()
            self._until = until
            if self._timer is None or self._timer_at > until:
                self._set_timer(loop)
            self._waiter = loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        self._is_rung = False

    def silence(self) -> None:
        """Let go of the timer: nobody will wait any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer_at = self._until
        # One that rang too early would be set again for no time at all, over and over until it is time.
        left = max(0.0, self._until - monotonic()) + EARLY_SECONDS
        self._timer = loop.call_later(left, self._time_is_up, loop)

    def _time_is_up(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if not self._waiter:
            return
        # The time may have moved on since the timer was set.
        if self._until > monotonic():
            self._set_timer(loop)
        else:
            self.ring()
