"""Who reads streams is known by what they read, and is told to come back, or not."""

import asyncio
from uuid import uuid4

from playground.framing import CLOSED
from playground.readers import Reader, Readers
from playground.tickets import Ticket


async def reading(readers: Readers) -> Reader:
    """Return somebody who reads one run until they are cut off."""
    reader = Reader(Ticket(1, 1, (uuid4(),)), "session")
    reader.task = asyncio.create_task(asyncio.Event().wait())
    readers.add(reader)
    return reader


async def is_cut_off(reader: Reader) -> bool:
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return reader.task.cancelled()


async def test_a_server_that_stops_keeps_the_readers_of_its_own_runs() -> None:
    readers = Readers()
    kept, other = await reading(readers), await reading(readers)
    readers.close(but=set(kept.ticket.runs))
    assert (await is_cut_off(kept), await is_cut_off(other)) == (False, True)
    assert kept.farewell == other.farewell == b""  # both pages will come back
    readers.close()
    assert await is_cut_off(kept)


async def test_who_comes_too_late_is_sent_away_to_come_back() -> None:
    readers = Readers()
    assert readers.refusal == CLOSED
    readers.close()
    late = await reading(readers)
    assert await is_cut_off(late)
    assert readers.refusal == late.farewell == b""
