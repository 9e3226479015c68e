"""Runs whose words were erased are gone from Redis at once, and from the memory of every process.

Erasing is done in threads and in workers, so this blocks, for a moment. A process that does not hear it,
because Redis is away, asks the database within seconds.
"""

from collections.abc import Collection
from contextlib import suppress
from itertools import batched
from uuid import UUID

from playground.live.shared.recovery import connected
from playground.live.shared.redis_streams import ERASED, ERASED_KEY, REDIS_ERRORS, stream_key

RUNS_PER_MESSAGE = 500
MESSAGES = 1_000
# Longer than any process holds what it has read.
KEPT_SECONDS = 600


def tell_erased(url: str, run_ids: Collection[UUID]) -> None:
    """Drop the streams of these runs in the Redis at `url`, and let every process forget them."""
    if not url or not run_ids:
        return
    with suppress(*REDIS_ERRORS), connected(url) as redis, redis.pipeline(transaction=False) as pipeline:
        for batch in batched(run_ids, RUNS_PER_MESSAGE, strict=False):
            pipeline.delete(*map(stream_key, batch))
            pipeline.xadd(ERASED_KEY, {ERASED: " ".join(run_id.hex for run_id in batch)}, maxlen=MESSAGES)
        pipeline.expire(ERASED_KEY, KEPT_SECONDS)
        pipeline.execute()
