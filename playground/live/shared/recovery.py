"""What a lost process left of a run in Redis: up to two seconds more than it had saved.

Runs are ended in threads, so this blocks, for a moment and only where a process was lost.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from redis import Redis

from common.redis_breaker import BOUNDS, breaker_of, no_retry
from playground.live.log.said import SAVED_PARTS
from playground.live.log.storable import storable_text
from playground.live.progress import Progress
from playground.live.shared.redis_streams import REDIS_ERRORS, stream_key, unpack


def with_what_is_left(url: str, saved: Progress) -> Progress:
    """Return what is saved of a run, each part as it stands in the Redis at `url` where it goes on there."""
    messages: Any = []
    if url and not breaker_of(url).is_away():
        with suppress(*REDIS_ERRORS), connected(url) as redis:
            messages = redis.xrange(stream_key(saved.run_id))
    left = defaultdict[str, list[str]](list)
    for _, fields in messages:
        for entry in unpack(fields):
            left[entry.part].append(entry.text)
    texts: dict[str, Any] = {part: longer("".join(left[part]), getattr(saved, part)) for part in SAVED_PARTS}
    return saved._replace(**texts)


def longer(left: str, saved: str) -> str:
    """Return the text in Redis where it goes on from what is saved, else what is saved."""
    left = storable_text(left)
    return left if left.startswith(saved) else saved


def forget(url: str, run_id: UUID) -> None:
    """Drop the run's stream, so that its readers see the run's end."""
    if url and not breaker_of(url).is_away():
        with suppress(*REDIS_ERRORS), connected(url) as redis:
            redis.delete(stream_key(run_id))


@contextmanager
def connected(url: str) -> Iterator[Redis]:
    """Yield a client of its own, which does not wait for long."""
    with (
        breaker_of(url).watching(),
        Redis.from_url(
            url, retry=no_retry(), decode_responses=True, encoding_errors="surrogatepass", **BOUNDS
        ) as redis,
    ):
        yield redis
