"""Follow the runs of other processes for the readers of this one, and hear what other processes ask.

One task reads the inbox and all followed streams in one blocking call, and writes what comes into this
process's memory, where its readers find it as if the run were here. However many readers there are, Redis
is asked once.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any
from uuid import UUID

from redis.asyncio import Redis

from playground.live.log.log import KEPT_SECONDS, Entry, MemoryLog
from playground.live.log.waiting import Waiting
from playground.live.shared.redis_streams import (
    BEFORE_ALL,
    BLOCK_SECONDS,
    ERASED,
    ERASED_KEY,
    FINISHED,
    REDIS_ERRORS,
    STOP,
    WAITING,
    WAKE,
    inbox_key,
    run_of,
    stream_key,
    unpack,
)

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
TIDY_SECONDS = 2.0
MESSAGES_PER_READ = 500
INBOX_MESSAGES = 1_000
INBOX_SECONDS = 60


Message = tuple[str, dict[str, str]]


class Subscriber:
    """Keeps in `memory` what others have written, while somebody reads it."""

    def __init__(
        self, redis: Redis, memory: MemoryLog, owner: str, on_erased: Callable[[Iterable[UUID]], None]
    ) -> None:
        self.is_connected: bool | None = None  # not tried yet
        self._redis = redis
        self._memory = memory
        self._inbox = inbox_key(owner)
        self._on_erased = on_erased
        self._heard_until = self._erased_until = BEFORE_ALL
        self._places: dict[UUID, str] = {}
        self._read_at: dict[UUID, float] = {}
        self._tidy_at = 0.0

    async def follow(self, run_id: UUID) -> None:
        """Begin to copy a run; its first entries come soon, whatever is being waited for."""
        await self._memory.open(run_id)
        self._places[run_id] = BEFORE_ALL
        self.keep(run_id)
        with suppress(*REDIS_ERRORS):
            await tell(self._redis, self._inbox, WAKE)

    def keep(self, run_id: UUID) -> None:
        """Go on copying a run: somebody reads it now."""
        if run_id in self._places:
            self._read_at[run_id] = monotonic()

    async def keep_copying(self, on_stop: Callable[[UUID], None]) -> None:
        """Copy and hear until cancelled. While Redis is away nothing is followed."""
        while True:
            try:
                await self._redis.ping()
                self._say(is_connected=True)
                while True:
                    await self._take_news(on_stop)
                    await self._tidy()
            except REDIS_ERRORS as error:
                self._say(is_connected=False, why=type(error).__name__)
            self._drop(set(self._places))
            await asyncio.sleep(RETRY_SECONDS)

    def _say(self, *, is_connected: bool, why: str = "") -> None:
        """Remember whether Redis is there; log it once per change."""
        if why and self.is_connected is not False:
            logger.warning("Redis is away (%s): live runs are not shared with other processes", why)
        elif is_connected and self.is_connected is False:
            logger.warning("Redis is back: live runs are shared again")
        self.is_connected = is_connected

    async def _take_news(self, on_stop: Callable[[UUID], None]) -> None:
        streams: dict[Any, Any] = {stream_key(run_id): place for run_id, place in self._places.items()}
        streams[self._inbox], streams[ERASED_KEY] = self._heard_until, self._erased_until
        found: Any = await self._redis.xread(streams, MESSAGES_PER_READ, int(BLOCK_SECONDS * 1000))
        for key, messages in found or ():
            if key == self._inbox:
                self._hear(messages, on_stop)
            elif key == ERASED_KEY:
                self._hear_erased(messages)
            else:
                await self._copy(run_of(key), messages)

    def _hear(self, messages: list[Message], on_stop: Callable[[UUID], None]) -> None:
        self._heard_until = messages[-1][0]
        for _, fields in messages:
            if STOP in fields:
                on_stop(UUID(fields[STOP]))

    def _hear_erased(self, messages: list[Message]) -> None:
        self._erased_until = messages[-1][0]
        for _, fields in messages:
            self._on_erased([UUID(run_id) for run_id in fields[ERASED].split()])

    async def _copy(self, run_id: UUID, messages: list[Message]) -> None:
        if run_id not in self._places:
            return
        self._places[run_id] = messages[-1][0]
        for _, fields in messages:
            for entry in unpack(fields):
                await self._take(run_id, entry)
            if WAITING in fields:
                await self._memory.wait(run_id, Waiting.read(fields[WAITING]))
            if FINISHED in fields:
                await self._memory.finish(run_id)

    async def _take(self, run_id: UUID, entry: Entry) -> None:
        if entry.is_end:
            # From here on the copy lives as long as a run of our own would.
            self._forget(run_id)
            await self._memory.end(run_id)
        else:
            await self._memory.append(run_id, entry.text, entry.part)

    async def _tidy(self) -> None:
        """Drop what nobody reads any more, and what is gone: its owner died, or the run is too long."""
        now = monotonic()
        if now < self._tidy_at or not self._places:
            return
        self._tidy_at = now + TIDY_SECONDS
        self._drop({run_id for run_id, at in self._read_at.items() if now - at > KEPT_SECONDS})
        followed = list(self._places)
        async with self._redis.pipeline(transaction=False) as pipeline:
            for run_id in followed:
                pipeline.exists(stream_key(run_id))
            found = await pipeline.execute() if followed else []
        self._drop({run_id for run_id, exists in zip(followed, found, strict=True) if not exists})

    def forget(self, run_ids: Iterable[UUID]) -> None:
        """Follow these runs no longer."""
        for run_id in run_ids:
            self._forget(run_id)

    def _drop(self, run_ids: set[UUID]) -> None:
        for run_id in run_ids:
            self._forget(run_id)
            self._memory.drop(run_id)

    def _forget(self, run_id: UUID) -> None:
        self._places.pop(run_id, None)
        self._read_at.pop(run_id, None)


async def tell(redis: Redis, inbox: str, word: str, about: str = "") -> None:
    """Leave a message in a process's inbox, which empties itself."""
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.xadd(inbox, {word: about}, maxlen=INBOX_MESSAGES)
        pipeline.expire(inbox, INBOX_SECONDS)
        await pipeline.execute()
