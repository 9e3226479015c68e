"""After one time-out Redis counts as away, and everybody in the process does without it until it answers.

A Redis that hangs costs its time-out per call, one after the other: signing in makes twenty calls. A refusal
costs nothing and is no reason. While Redis counts as away it is asked in the background, so that nobody waits
for its return.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from time import monotonic

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from common.probe import Probe

logger = logging.getLogger(__name__)

SOCKET_SECONDS = 2.0
# A failure that took so long has kept somebody waiting.
SLOW_SECONDS = 0.5
ASK_AGAIN_SECONDS = 1.0
# For every client of ours: bounded, and never trying again by itself.
BOUNDS = {"socket_timeout": SOCKET_SECONDS, "socket_connect_timeout": SOCKET_SECONDS}


def no_retry() -> Retry:
    """Return redis-py's word for "once": its own default tries four times."""
    return Retry(NoBackoff(), 0)


def client(url: str, seconds: float = SOCKET_SECONDS) -> redis.Redis:
    """Return a client of the Redis at `url` that waits so long for each answer."""
    return redis.Redis.from_url(url, retry=no_retry(), **dict.fromkeys(BOUNDS, seconds))


def answers(url: str, seconds: float = SOCKET_SECONDS) -> bool:
    """Tell whether the Redis at `url` answers a ping in time."""
    try:
        with client(url, seconds) as asking:
            return bool(asking.ping())
    except (redis.RedisError, OSError):
        return False


class RedisIsAway(OSError):
    """Redis did not answer a moment ago, and is not asked again now."""


class RedisBreaker:
    """Remembers of one Redis that it hangs."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._is_away = False
        self._ask_at = 0.0
        self._lock = threading.Lock()
        self._probe: Probe[None] = Probe()

    def is_away(self) -> bool:
        """Tell whether to do without Redis; now and then have it asked whether it is back."""
        with self._lock:
            if self._is_away and monotonic() >= self._ask_at:
                self._ask_at = monotonic() + ASK_AGAIN_SECONDS
                self._probe.ask(self._ask)
            return self._is_away

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Let an error through, for the caller to tell, and remember it where it took long."""
        began_at = monotonic()
        try:
            yield
        except Exception:
            if monotonic() - began_at >= SLOW_SECONDS:
                self._trip()
            raise

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """As `watching`; raise `RedisIsAway` instead of trying where Redis counts as away."""
        if self.is_away():
            raise RedisIsAway
        with self.watching():
            yield

    def _trip(self) -> None:
        with self._lock:
            self._is_away, self._ask_at = True, monotonic() + ASK_AGAIN_SECONDS

    def _ask(self) -> None:
        if not answers(self._url):
            return
        with self._lock:
            self._is_away = False
        logger.warning("Redis is back")


@cache
def breaker_of(url: str) -> RedisBreaker:
    """Return this process's breaker of the Redis at `url`."""
    return RedisBreaker(url)
