"""At most so many in so long: counters in the cache, which may lose them and then refuses nobody."""

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache

from common.clock import TOLERANCE


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` in `seconds`, counted from the first one on; `name` says of what."""

    name: str
    most: int
    seconds: int

    def take(self, *who: object) -> bool:
        """Count one more of `who`; tell whether that is still within the rate."""
        return self.count(*who)[0] <= self.most

    def count(self, *who: object) -> tuple[int, float]:
        """Count one more of `who`; return how many there are, and since when (seconds since 1970)."""
        now, (count, since) = time.time(), self._keys(who)
        self._end_what_a_wrong_clock_began(count, since)
        is_first = cache.add(since, now, self.seconds)
        cache.add(count, 0, self.seconds)
        try:
            counted = cache.incr(count)
        except ValueError:  # it ended, or was dropped, between the two
            counted = 1
        return counted, now if is_first else cache.get(since, now)

    def give_back(self, *who: object) -> None:
        """Take one back that proved harmless."""
        with suppress(ValueError):
            cache.decr(self._keys(who)[0])

    def forget(self, *who: object) -> None:
        """Begin anew."""
        for key in self._keys(who):
            cache.delete(key)

    def _keys(self, who: tuple[object, ...]) -> tuple[str, str]:
        """Return where the count and its beginning are kept: under a hash, for names may hold anything."""
        parts = "\0".join(map(str, (self.name, *who)))
        key = f"rate:{hashlib.sha256(parts.encode(errors='replace')).hexdigest()}"
        return key, f"{key}:since"

    def _end_what_a_wrong_clock_began(self, count: str, since: str) -> None:
        """The cache would keep it until the clock has caught up; see common/clock.py."""
        began = cache.get(since)
        if began is not None and began > time.time() + TOLERANCE.total_seconds():
            cache.delete(count)
            cache.delete(since)
