"""How fast a simulated model speaks."""

import asyncio
import itertools
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

SLOWEST, FASTEST = 40, 80  # chunks a second, when no pace is asked for
WHOLE_SPEEDUP = 8  # nobody reads along while a whole answer is made


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to the first token, then chunks a second; 0 chunks means 40 to 80, by the answer's id."""

    first_token_seconds: float = 0.3
    chunks_per_second: float = 0
    instant: bool = False

    def for_answer(self, answer_id: str, whole: bool) -> "Pace":
        """The pace of one answer."""
        spread = FASTEST - SLOWEST + 1
        rate = self.chunks_per_second or SLOWEST + zlib.crc32(answer_id.encode()) % spread
        return replace(self, chunks_per_second=rate * WHOLE_SPEEDUP if whole else rate)

    async def follow(self, frames: Iterator[bytes], last: bytes = b"") -> AsyncIterator[bytes]:
        """Hand out each frame when it is due. Late ones follow at once, so the average holds under load.

        It ends with the frame `last` at once, where there is one: who got it may leave.
        """
        loop = asyncio.get_running_loop()
        due = loop.time() + self.first_token_seconds
        step = 1 / (self.chunks_per_second or SLOWEST)
        for count in itertools.count():
            if self.instant:
                if count % 64 == 63:
                    await asyncio.sleep(0)  # other streams and a client that leaves get their turn
            elif (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            piece = next(frames, None)  # made only now: what is not due is not generated
            if piece is None:
                return
            due += step
            yield piece
            if piece == last:
                return


INSTANT = Pace(first_token_seconds=0, instant=True)
