"""The pace of live runs: what arrives within one frame is taken, shown and sent together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

# Text that grows twenty times a second reads as a flow; to carry a piece costs more than what it says. Where
# few runs are live nobody pays for it, and a piece waits half as long; where many are, what flows faster than
# its frames waits for a longer one, and what comes piece by piece does not.
FRAME_SECONDS, SHORT_SECONDS, LONG_SECONDS = 1 / 20, 1 / 40, 1 / 10
FEW_RUNS, MANY_RUNS = 8, 32
EARLY_SECONDS = 0.002
# A frame that brings so many pieces is worth holding them: they are read at once.
MANY_PIECES = 3
# So many pieces a second are faster than frames, and so much the last frame counts in what is known of that.
FLOWING, NEWS = 1.5 / FRAME_SECONDS, 0.2

# Waits with the answer held meanwhile.
type Hold = Callable[[Awaitable[None]], Awaitable[None]]


def seconds_of(live: int) -> float:
    """Return how long a frame is where so many runs are live."""
    return SHORT_SECONDS if live <= FEW_RUNS else FRAME_SECONDS


class Frames:
    """The frames of one event loop, each as long as `seconds` says when it begins.

    All who wait for the next one are woken by one timer.
    """

    def __init__(self, seconds: Callable[[], float] = lambda: FRAME_SECONDS) -> None:
        self._seconds = seconds
        self._next: asyncio.Event | None = None

    async def next(self) -> None:
        """Return when the next frame begins."""
        if self._next is None:
            self._next = asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.call_later(self.until_next(loop.time()), self._begin)
        await self._next.wait()

    @property
    def seconds(self) -> float:
        """How long a frame is now."""
        return self._seconds()

    def until_next(self, now: float) -> float:
        """Return the seconds until the next frame. uvloop's timers ring up to a millisecond too early: who is
        woken just before a frame is in it, and waits for the one after it."""
        seconds = self._seconds()
        rest = seconds - now % seconds
        return rest if rest > EARLY_SECONDS else rest + seconds

    def _begin(self) -> None:
        begun, self._next = self._next, None
        if begun:
            begun.set()


@dataclass(slots=True)
class Pace:
    """When one run may go on with what has come meanwhile; `live` tells how many there are."""

    frames: Frames = field(default_factory=Frames)
    long_frames: Frames = field(default_factory=lambda: Frames(lambda: LONG_SECONDS))
    live: Callable[[], int] = lambda: 1
    # How many pieces come in a second, over the last few frames, and when the last ones came.
    _rate: float = 0.0
    _taken_at: float = 0.0

    async def next(self, pieces: int, hold_until: Hold) -> None:
        """Return when the run may go on, of which so many pieces have come since it last did.

        Where the frame is to bring many more, they are held until it begins.
        """
        now = asyncio.get_running_loop().time()
        self._rate += (pieces / max(now - self._taken_at, EARLY_SECONDS) - self._rate) * NEWS
        self._taken_at = now
        flows = self._rate > FLOWING and self.live() > MANY_RUNS
        frames = self.long_frames if flows else self.frames
        if self._rate * frames.seconds < MANY_PIECES:
            await frames.next()
        else:
            await hold_until(frames.next())
