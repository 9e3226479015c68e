"""A cache that may be lost: while Redis is away nothing is remembered, and nothing fails."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from common.redis_breaker import BOUNDS, breaker_of, no_retry

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, for values that can be had without it: rate limits are not counted meanwhile."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"retry": no_retry(), **BOUNDS, **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._breaker = breaker_of(server)

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

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value for longer; where Redis is away there is none."""
        return self._forgive(lambda: super(ForgivingRedisCache, self).touch(key, timeout, version), False)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count on; where Redis is away there is nothing to count from: `ValueError`, as Django says."""
        counted: int | None = self._forgive(
            lambda: super(ForgivingRedisCache, self).incr(key, delta, version), None
        )
        if counted is None:
            raise ValueError("Redis is away: there is no such count")
        return counted

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Tell whether there is such a value; where Redis is away there is none."""
        return self._forgive(lambda: super(ForgivingRedisCache, self).has_key(key, version), False)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value; where Redis is away there is none."""
        return self._forgive(lambda: super(ForgivingRedisCache, self).delete(key, version), False)

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        """Forget values, if Redis is there."""
        self._forgive(lambda: super(ForgivingRedisCache, self).delete_many(keys, version), None)

    def _forgive[Value](self, act: Callable[[], Value], otherwise: Value) -> Value:
        if self._breaker.is_away():
            return otherwise
        try:
            with self._breaker.watching():
                return act()
        except RedisError as error:
            logger.warning("The cache is away: %s", type(error).__name__)
            return otherwise
