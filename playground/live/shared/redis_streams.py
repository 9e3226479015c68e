"""How live runs stand in Redis: one stream for each run, and one inbox for each web process.

A message of a run's stream holds several entries of its log: its fields are named by their numbers, with
what they are a part of where that is not the answer (`12`, `13:reasoning`). Its id is `<last number>-0`, and
those of notes between them `<last number>-2` and so on: that it waits for its first words, that all text is
there. So a position means the same in every process.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from common.redis_breaker import BOUNDS, SOCKET_SECONDS
from playground.live.log.log import Entry
from playground.live.log.said import Part

# What a call may raise when Redis is away, slow, full or not Redis.
REDIS_ERRORS = (RedisError, OSError, TimeoutError)
# A blocking read returns by itself, before a call may wait no longer.
BLOCK_SECONDS = 1.0
CONNECTIONS = 10
PREFIX = "raxdash:playground"
FIRST_ID, BEFORE_ALL = "0-1", "0-0"
# Notes are numbered behind it.
FIRST_NOTE = 1
# Which runs were erased, for whoever holds words of them: one stream for all processes.
ERASED_KEY, ERASED = f"{PREFIX}:erased", "erased"
OPEN, WAITING, FINISHED, END, STOP, WAKE = "open", "waiting", "finished", "end", "stop", "wake"


def connect(url: str) -> Redis:
    """Return a client with one small pool. It never tries again by itself: its callers know better."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=SOCKET_SECONDS,
        **BOUNDS,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        decode_responses=True,
        # A model's text may hold half a character; it comes out as it went in.
        encoding_errors="surrogatepass",
    )
    return Redis.from_pool(pool)


def stream_key(run_id: UUID) -> str:
    """Return the name of a run's stream."""
    return f"{PREFIX}:run:{run_id.hex}"


def run_of(key: str) -> UUID:
    """Return the run whose stream this is."""
    return UUID(key.rpartition(":")[2])


def inbox_key(owner: str) -> str:
    """Return the name of the stream in which a web process is told things."""
    return f"{PREFIX}:inbox:{owner}"


def pack(entries: Iterable[Entry]) -> dict[Any, Any]:
    """Return entries as the fields of one message."""
    return dict((END, entry.number) if entry.is_end else (field_of(entry), entry.text) for entry in entries)


def field_of(entry: Entry) -> str | int:
    """Return the name of the field that holds an entry."""
    return entry.number if entry.part == Part.ANSWER else f"{entry.number}:{entry.part}"


def unpack(fields: Mapping[str, str]) -> list[Entry]:
    """Return the entries of a message, in order; a part that only a later version knows has no words here."""
    entries = []
    for name, text in fields.items():
        number, _, part = name.partition(":")
        if number.isdigit():
            known = part in Part or not part
            entries.append(
                Entry(int(number), text if known else "", part=Part(part) if known and part else Part.ANSWER)
            )
    return [*entries, Entry(int(fields[END]), "", is_end=True)] if END in fields else entries
