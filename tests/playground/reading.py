"""Read a log as a page does: what is there, else what comes first."""

import asyncio
from time import monotonic
from uuid import UUID

from playground.live.log.log import Entry, RunLog


async def read(log: RunLog, run: UUID, after: int = 0, seconds: float = 0.0) -> list[Entry]:
    """Return the run's entries after a number; where there are none, wait for some so long.

    A log that goes away meanwhile has none.
    """
    with log.ringing([run]) as bell:
        entries = await log.after(run, after)
        if entries or not seconds:
            return entries
        async with asyncio.timeout(seconds + 5):
            await bell.wait(monotonic() + seconds)
        return await log.after(run, after) if await log.holds(run) else []
