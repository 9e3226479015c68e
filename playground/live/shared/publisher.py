"""Copy the logs of this process's runs into Redis, so that other processes can follow them.

Writing a log never waits for Redis: one task copies what is new in all of them, a few times in a
hundred milliseconds. Where Redis was away, or has lost a stream, the run is copied again from its beginning.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import batched
from time import monotonic
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from playground.live.log.log import KEPT_SECONDS, MemoryLog
from playground.live.log.waiting import Waiting
from playground.live.shared.redis_streams import (
    FINISHED,
    FIRST_ID,
    FIRST_NOTE,
    OPEN,
    REDIS_ERRORS,
    WAITING,
    pack,
    stream_key,
)

# What comes within the gap is copied together; the first piece at once.
GAP_SECONDS = 0.05
RETRY_SECONDS = 0.5
# A stream outlives its owner by so much: the run's lease, and until whoever ends the run has taken its text.
LIVE_SECONDS = 45
RENEW_SECONDS = 4.0
ENTRIES_PER_MESSAGE = 500
# A longer run is followed elsewhere by its saved text. An entry costs more than its characters.
MOST_CHARS = 4_000_000
ENTRY_CHARS = 16


@dataclass(slots=True)
class Copy:
    """What Redis has of a run: entries up to a number; None where it must be copied from its beginning."""

    sent: int | None = None
    chars: int = 0
    waiting: Waiting | None = None
    # How many messages tell what happens meanwhile, and are no entries.
    notes: int = 0
    is_finished: bool = False
    is_whole: bool = False


class Publisher:
    """Keeps the copies of the runs that `memory` holds and that were opened here."""

    def __init__(self, redis: Redis, memory: MemoryLog) -> None:
        self._redis = redis
        self._memory = memory
        self._copies: dict[UUID, Copy] = {}
        self._changed: set[UUID] = set()
        self._forgotten: set[UUID] = set()
        self._woken = asyncio.Event()
        self._renew_at = 0.0

    def open(self, run_id: UUID) -> None:
        """Begin to copy a run."""
        self._copies[run_id] = Copy()
        self.publish_soon(run_id)

    def publish_soon(self, run_id: UUID) -> None:
        """Copy what is new of a run, soon."""
        if run_id in self._copies:
            self._changed.add(run_id)
            self._woken.set()

    def forget(self, run_ids: Iterable[UUID]) -> None:
        """Take back what Redis has of runs that were erased: who erased them may not have reached it."""
        for run_id in run_ids:
            self._copies.pop(run_id, None)
            self._forgotten.add(run_id)
            self._woken.set()

    async def keep_publishing(self) -> None:
        """Copy what is new until cancelled, whatever becomes of Redis."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(RENEW_SECONDS):
                    await self._woken.wait()
            try:
                await self.publish()
            except REDIS_ERRORS:
                # The subscriber says in the log that Redis is away.
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(GAP_SECONDS)

    async def publish(self) -> None:
        """Copy what is new and renew what lives, in one round trip."""
        self._woken.clear()
        changed, self._changed = self._changed, set()
        forgotten, self._forgotten = self._forgotten, set()
        # A stream that is written again must not be seen half.
        anew = any(copy.sent is None for run_id in changed if (copy := self._copies.get(run_id)))
        try:
            async with self._redis.pipeline(transaction=anew) as pipeline:
                asked: list[UUID | None] = [None] * len(forgotten)
                for run_id in forgotten:
                    pipeline.delete(stream_key(run_id))
                asked += [run_id for changed_id in changed for run_id in self._write(pipeline, changed_id)]
                asked += self._renew(pipeline)
                replies = await pipeline.execute() if asked else []
        except BaseException:
            self._begin_anew(changed)
            self._forgotten |= forgotten
            raise
        self._begin_anew(lost for lost, reply in zip(asked, replies, strict=True) if lost and not reply)
        for run_id in changed:
            if (copy := self._copies.get(run_id)) and copy.is_whole:
                del self._copies[run_id]

    def _begin_anew(self, run_ids: Iterable[UUID]) -> None:
        for run_id in run_ids:
            if run_id in self._copies:
                self._copies[run_id] = Copy()
                self.publish_soon(run_id)

    def _write(self, pipeline: Pipeline, run_id: UUID) -> list[UUID | None]:
        """Queue what copies a run's news; return the run for each command whose answer tells of its loss."""
        copy, entries, key = self._copies.get(run_id), self._memory.entries(run_id), stream_key(run_id)
        if copy is None or entries is None:
            self._copies.pop(run_id, None)
            return []
        asked: list[UUID | None] = []
        if copy.sent is None:
            pipeline.delete(key)
            pipeline.xadd(key, {OPEN: 1}, id=FIRST_ID)
            pipeline.expire(key, LIVE_SECONDS)
            copy.sent, asked = 0, [None] * 3
        news = entries[copy.sent :]
        copy.sent += len(news)
        copy.chars += sum(len(entry.text) + ENTRY_CHARS for entry in news)
        if copy.chars > MOST_CHARS:
            del self._copies[run_id]
            pipeline.delete(key)
            return [*asked, None]
        for batch in batched(news, ENTRIES_PER_MESSAGE, strict=False):
            pipeline.xadd(key, pack(batch), id=f"{batch[-1].number}-0", nomkstream=True)
            asked.append(run_id)
        asked += [run_id] * self._write_notes(pipeline, run_id, copy)
        if news and news[-1].is_end:
            copy.is_whole = True
            pipeline.expire(key, int(KEPT_SECONDS))
            asked.append(run_id)
        return asked

    def _write_notes(self, pipeline: Pipeline, run_id: UUID, copy: Copy) -> int:
        """Queue what is to be told of a run beside its words; return how many commands that are."""
        notes: list[dict[Any, Any]] = []
        waiting = self._memory.waiting(run_id)
        if waiting and waiting != copy.waiting:
            copy.waiting = waiting
            notes.append({WAITING: str(waiting)})
        if self._memory.is_finished(run_id) and not copy.is_finished:
            copy.is_finished = True
            notes.append({FINISHED: 1})
        for note in notes:
            copy.notes += 1
            note_id = f"{copy.sent}-{FIRST_NOTE + copy.notes}"
            pipeline.xadd(stream_key(run_id), note, id=note_id, nomkstream=True)
        return len(notes)

    def _renew(self, pipeline: Pipeline) -> list[UUID | None]:
        """Queue what keeps the streams of live runs, now and then."""
        if monotonic() < self._renew_at:
            return []
        self._renew_at = monotonic() + RENEW_SECONDS
        live = [run_id for run_id, copy in self._copies.items() if not copy.is_whole]
        for run_id in live:
            pipeline.expire(stream_key(run_id), LIVE_SECONDS)
        return list(live)
