"""A cache that may be lost: while Redis is away nothing is remembered, and nothing fails."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, for values that can be had without it: rate limits are not counted meanwhile."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or the default where Redis is away."""
        return self._forgive(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """Return what is known; nothing where Redis is away."""
        return self._forgive(lambda: super(ForgivingRedisCache, self).get_many(keys, version), {})

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store a value that is not there yet; where Redis is away it counts as stored."""
        return self._forgive(lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version), True)

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Store a value, if Redis is there."""
        self._forgive(lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version), None)

    def set_many(
        self, data: Mapping[str, Any], timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[str]:
        """Store values, if Redis is there; return the keys that could not be stored."""
        return self._forgive(
            lambda: super(ForgivingRedisCache, self).set_many(dict(data), timeout, version), list(data)
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value; where Redis is away there is none."""
        return self._forgive(lambda: super(ForgivingRedisCache, self).delete(key, version), False)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count on, from the first one where Redis is away. Raises `ValueError` where nothing is counted."""
        return self._forgive(lambda: super(ForgivingRedisCache, self).incr(key, delta, version), delta)

    def _forgive[Value](self, act: Callable[[], Value], otherwise: Value) -> Value:
        try:
            return act()
        except RedisError as error:
            logger.warning("The cache is away: %s", type(error).__name__)
            return otherwise
