"""Runs shared through a real Redis: followed live elsewhere, copied again after a loss, never waited for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from playground.live.log.log import Entry
from playground.live.log.said import Part
from playground.live.log.waiting import Waiting
from playground.live.shared import publisher
from playground.live.shared.redis_streams import stream_key, unpack
from playground.live.shared.shared_log import SharedLog
from playground.models import LEASE
from tests.installation import free_port
from tests.playground.reading import read
from tests.servers import running_redis

LONG = 30.0
NOWHERE = "redis://127.0.0.1:9/0"


@asynccontextmanager
async def process(url: str, stopped: list[UUID] | None = None) -> AsyncIterator[SharedLog]:
    """A log as a web process of its own would have it."""
    log = SharedLog(url, uuid4().hex)
    await log.start((stopped if stopped is not None else []).append)
    try:
        yield log
    finally:
        await log.aclose()


@pytest.fixture
async def owner(redis_url: str) -> AsyncIterator[SharedLog]:
    async with process(redis_url) as log:
        yield log


@pytest.fixture
async def other(redis_url: str) -> AsyncIterator[SharedLog]:
    async with process(redis_url) as log:
        yield log


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


async def until(condition: Callable[..., Awaitable[object]], *about: object) -> None:
    """Wait until an asynchronous condition holds."""
    async with asyncio.timeout(LONG):
        while not await condition(*about):  # noqa: ASYNC110  another process sets no event here
            await asyncio.sleep(0.01)


async def followed(log: SharedLog, run: UUID, position: int = 0) -> list[Entry]:
    """Read a run to its end, or until its log goes away."""
    entries: list[Entry] = []
    async with asyncio.timeout(LONG):
        await until(log.holds, run)
        while await log.holds(run) and not (entries and entries[-1].is_end):
            entries += await read(log, run, position + len(entries), LONG)
    return entries


async def test_another_process_follows_live_and_numbers_are_the_same(
    owner: SharedLog, other: SharedLog
) -> None:
    run = uuid4()
    await owner.open(run)
    reader = asyncio.create_task(followed(other, run))
    for text in ("a", "b\n", "\ud83d", "ü"):
        await owner.append(run, text)
        await until(holds_last, other, run, text)
    await owner.end(run)
    assert owner.is_shared()
    assert await reader == [
        Entry(1, "a"),
        Entry(2, "b\n"),
        Entry(3, "\ud83d"),
        Entry(4, "ü"),
        Entry(5, "", is_end=True),
    ]


async def test_another_process_knows_how_a_run_waits(owner: SharedLog, other: SharedLog) -> None:
    run = uuid4()
    await owner.open(run)
    await owner.wait(run, Waiting(1.0))
    reader = asyncio.create_task(followed(other, run))
    await until(waits_as, other, run, Waiting(1.0))
    await owner.wait(run, Waiting(1.0, 71.25))
    await until(waits_as, other, run, Waiting(1.0, 71.25))
    await owner.append(run, "Hello")
    await until(waits_as, other, run, None)
    await owner.finish(run)
    await owner.end(run)
    assert await reader == [Entry(1, "Hello"), Entry(2, "", is_end=True)]


async def waits_as(log: SharedLog, run: UUID, waiting: Waiting | None) -> bool:
    """Tell whether it is known here that the run waits like this."""
    return log.waiting(run) == waiting


async def test_thinking_is_followed_as_thinking(owner: SharedLog, other: SharedLog) -> None:
    run = uuid4()
    await owner.open(run)
    await owner.append(run, "Hm", Part.REASONING)
    await owner.append(run, "42")
    await owner.end(run)
    assert await followed(other, run) == [
        Entry(1, "Hm", part=Part.REASONING),
        Entry(2, "42"),
        Entry(3, "", is_end=True),
    ]


def test_a_part_of_a_later_version_keeps_its_place_and_says_nothing() -> None:
    assert unpack({"1:poetry": "O rose", "2": "42"}) == [Entry(1, ""), Entry(2, "42")]


async def holds_last(log: SharedLog, run: UUID, text: str) -> bool:
    """Tell whether this text is the newest that the log has of the run, now and not at its end."""
    return [entry.text for entry in await log.after(run, 0)][-1:] == [text]


async def test_who_comes_late_gets_everything_from_the_beginning(owner: SharedLog, other: SharedLog) -> None:
    run = uuid4()
    await owner.open(run)
    for number in range(2_000):
        await owner.append(run, f"{number} ")
    await owner.end(run)
    entries = await followed(other, run)
    assert "".join(entry.text for entry in entries) == "".join(f"{number} " for number in range(2_000))
    assert [entry.number for entry in entries] == list(range(1, 2_002))


async def test_many_runs_are_followed_on_few_connections(
    owner: SharedLog, other: SharedLog, redis: Redis
) -> None:
    runs = [uuid4() for _ in range(30)]
    before = len(await redis.client_list())
    for run in runs:
        await owner.open(run)
    readers = [asyncio.create_task(followed(other, run)) for run in [*runs, *runs]]
    for run in runs:
        await owner.append(run, run.hex)
        await owner.end(run)
    for run, entries in zip([*runs, *runs], await asyncio.gather(*readers), strict=True):
        assert entries[0].text == run.hex
    assert len(await redis.client_list()) - before < len(runs)


async def test_the_owner_hears_at_once_that_somebody_wants_to_stop(redis_url: str, other: SharedLog) -> None:
    stopped: list[UUID] = []
    log = SharedLog(redis_url, "the owner")
    await log.start(stopped.append)
    try:
        run = uuid4()
        await other.ask_to_stop(run, "the owner")
        await until(is_equal, stopped, [run])
    finally:
        await log.aclose()


async def is_equal(one: object, other: object) -> bool:
    return one == other


async def test_a_stream_that_redis_lost_is_copied_again(
    owner: SharedLog, other: SharedLog, redis: Redis
) -> None:
    run = uuid4()
    await owner.open(run)
    await owner.append(run, "one ")
    await until(other.holds, run)
    await redis.delete(stream_key(run))
    await owner.append(run, "two ")
    await owner.end(run)
    await until(other.holds, run)
    assert "".join(entry.text for entry in await followed(other, run)) == "one two "


async def test_a_stream_outlives_its_lease_and_an_ended_one_lives_a_minute(
    owner: SharedLog, redis: Redis
) -> None:
    run = uuid4()
    await owner.open(run)
    await until(redis.exists, stream_key(run))
    assert LEASE.total_seconds() < await redis.ttl(stream_key(run)) <= publisher.LIVE_SECONDS
    await owner.end(run)
    await until(lives_longer, redis, run)


async def lives_longer(redis: Redis, run: UUID) -> bool:
    return await redis.ttl(stream_key(run)) > publisher.LIVE_SECONDS


async def test_a_log_whose_owner_died_goes_away(owner: SharedLog, other: SharedLog, redis: Redis) -> None:
    run = uuid4()
    await owner.open(run)
    await owner.append(run, "half")
    reader = asyncio.create_task(followed(other, run))
    await until(holds_last, other, run, "half")
    await owner.aclose()
    await redis.delete(stream_key(run))  # as if its time were over
    assert await reader == [Entry(1, "half")]


async def test_a_run_too_long_to_share_is_not_shared(
    owner: SharedLog, other: SharedLog, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "MOST_CHARS", 100)
    run = uuid4()
    await owner.open(run)
    await until(other.holds, run)
    await owner.append(run, "x" * 100)
    await until(is_gone, redis, run)
    await owner.end(run)
    assert not await other.holds(run)
    assert len(await owner.after(run, 0)) == 2


async def is_gone(redis: Redis, run: UUID) -> bool:
    return not await redis.exists(stream_key(run))


async def test_leaving_publishes_the_end(redis_url: str, other: SharedLog) -> None:
    run = uuid4()
    async with process(redis_url) as log:
        await log.open(run)
        await until(other.holds, run)
        await log.append(run, "all of it")
        await log.end(run)
    assert [entry.text for entry in await followed(other, run)] == ["all of it", ""]


async def test_without_redis_a_run_goes_on_in_memory() -> None:
    async with process(NOWHERE) as log:
        run, foreign = uuid4(), uuid4()
        await log.open(run)
        await log.append(run, "a")
        await log.end(run)
        assert [entry.text for entry in await followed(log, run)] == ["a", ""]
        await log.ask_to_stop(foreign, "somebody")
        assert not await log.holds(foreign)
        assert not log.is_shared()


async def test_redis_dies_in_mid_run_and_comes_back() -> None:
    port, run = free_port(), uuid4()
    async with AsyncExitStack() as stack:
        with running_redis(port) as url:
            owner = await stack.enter_async_context(process(url))
            other = await stack.enter_async_context(process(url))
            await owner.open(run)
            await owner.append(run, "before ")
            far = asyncio.create_task(followed(other, run))
            near = asyncio.create_task(followed(owner, run))
            await until(holds_last, other, run, "before ")
        assert await far == [Entry(1, "before ")]
        assert not await other.holds(run)
        await owner.append(run, "meanwhile ")
        with running_redis(port):
            await until(other.holds, run)
            far = asyncio.create_task(followed(other, run))
            await owner.append(run, "after")
            await owner.end(run)
            texts = [["before ", "meanwhile ", "after", ""]] * 2
            assert [[entry.text for entry in entries] for entries in (await far, await near)] == texts
