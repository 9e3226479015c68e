"""The log where several web processes share Redis: everybody reads memory, Redis carries copies.

A run's own process writes to its memory and never waits for Redis (`publisher`). Another process that is
asked for the run copies it into its own memory while somebody reads it (`subscriber`). So with Redis gone a
run goes on, its own readers notice nothing, and others are shown what the database has saved.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from uuid import UUID

from redis.asyncio import Redis

from playground.live.log.bell import Bell
from playground.live.log.log import Entry, MemoryLog
from playground.live.log.said import Part
from playground.live.log.waiting import Waiting
from playground.live.shared.publisher import Publisher
from playground.live.shared.redis_streams import REDIS_ERRORS, STOP, connect, inbox_key, stream_key
from playground.live.shared.subscriber import Subscriber, tell

# A page waits for no more than this to learn whether another process has its run.
ASK_SECONDS = 0.5


class SharedLog:
    """The runs of this process, and those of others that share the Redis at `url`."""

    def __init__(self, url: str, owner: str) -> None:
        self._url = url
        self._owner = owner
        self._memory = MemoryLog()
        self._redis: Redis | None = None
        self._publisher: Publisher | None = None
        self._subscriber: Subscriber | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, on_stop: Callable[[UUID], None]) -> None:
        """Begin to share. Needs no Redis yet: it may come, go and come back."""
        self._loop = asyncio.get_running_loop()
        self._redis = connect(self._url)
        self._publisher = Publisher(self._redis, self._memory)
        self._subscriber = Subscriber(self._redis, self._memory, self._owner, self.forget)
        self._tasks = [
            asyncio.create_task(self._publisher.keep_publishing(), name="publisher"),
            asyncio.create_task(self._subscriber.keep_copying(on_stop), name="subscriber"),
        ]

    async def aclose(self) -> None:
        """Publish what is not yet, and leave; a Redis that is away is not waited for."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        if self._redis and self._publisher:
            with suppress(*REDIS_ERRORS):
                async with asyncio.timeout(ASK_SECONDS):
                    await self._publisher.publish()
                    await self._redis.delete(inbox_key(self._owner))
            await self._redis.aclose()
        self._loop = self._redis = self._publisher = self._subscriber = None
        self._tasks = []

    def is_shared(self) -> bool:
        """Tell whether Redis is there now, for others to read what this process writes."""
        return bool(self._subscriber and self._subscriber.is_connected)

    async def open(self, run_id: UUID) -> None:
        """Begin an empty log, and its copy."""
        await self._memory.open(run_id)
        if self._publisher:
            self._publisher.open(run_id)

    async def append(self, run_id: UUID, text: str, part: Part = Part.ANSWER) -> None:
        """Add a piece of text and wake the readers; it is copied a moment later."""
        await self._memory.append(run_id, text, part)
        if self._publisher:
            self._publisher.publish_soon(run_id)

    async def end(self, run_id: UUID) -> None:
        """Say that nothing follows, here and in the copy."""
        await self._memory.end(run_id)
        if self._publisher:
            self._publisher.publish_soon(run_id)

    async def finish(self, run_id: UUID) -> None:
        """Say that all text is there, here and in the copy."""
        await self._memory.finish(run_id)
        if self._publisher:
            self._publisher.publish_soon(run_id)

    def is_finished(self, run_id: UUID) -> bool:
        """Tell whether all text is there of a run whose end is not saved, of a run that is read here."""
        return self._memory.is_finished(run_id)

    async def wait(self, run_id: UUID, waiting: Waiting) -> None:
        """Say how the run waits for its first words, here and in the copy."""
        await self._memory.wait(run_id, waiting)
        if self._publisher:
            self._publisher.publish_soon(run_id)

    def waiting(self, run_id: UUID) -> Waiting | None:
        """Return how the run waits for its first words, of a run that is read here."""
        return self._memory.waiting(run_id)

    async def holds(self, run_id: UUID) -> bool:
        """Tell whether the run can be read here or is copied to Redis."""
        if await self._memory.holds(run_id):
            return True
        if not (self._redis and self.is_shared()):
            return False
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return bool(await self._redis.exists(stream_key(run_id)))
        except REDIS_ERRORS:
            return False

    async def after(self, run_id: UUID, number: int) -> list[Entry]:
        """Return the entries after this number; begin to copy a run of another process."""
        if self._subscriber:
            if not await self._memory.holds(run_id):
                await self._subscriber.follow(run_id)
            self._subscriber.keep(run_id)
        return await self._memory.after(run_id, number)

    def ringing(self, run_ids: Iterable[UUID]) -> AbstractContextManager[Bell]:
        """Yield a bell that is rung when something new has come here, from wherever."""
        return self._memory.ringing(run_ids)

    def run_ids(self) -> list[UUID]:
        """Return the runs that are held in the memory of this process."""
        return self._memory.run_ids()

    def forget(self, run_ids: Iterable[UUID]) -> None:
        """Let go of these runs at once, and of their copies."""
        forgotten = list(run_ids)
        self._memory.forget(forgotten)
        if self._subscriber and self._publisher:
            self._subscriber.forget(forgotten)
            self._publisher.forget(forgotten)

    def forget_soon(self, run_ids: Iterable[UUID]) -> None:
        """Do the same from any thread."""
        if self._loop:
            self._loop.call_soon_threadsafe(self.forget, list(run_ids))

    async def ask_to_stop(self, run_id: UUID, owner: str) -> None:
        """Tell the owner at once; where that fails it sees the run's row within a second."""
        if not self._redis or owner == self._owner:
            return
        with suppress(*REDIS_ERRORS):
            async with asyncio.timeout(ASK_SECONDS):
                await tell(self._redis, inbox_key(owner), STOP, str(run_id))
