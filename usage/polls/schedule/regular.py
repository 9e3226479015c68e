"""When a meter is asked as a rule. Pure functions of times; all of them aware, in seconds where numbers."""

import random
from datetime import UTC, datetime, timedelta
from zlib import crc32

BACKOFF_FIRST = timedelta(seconds=30)
BACKOFF_LONGEST = timedelta(hours=1)

# A server without a usage endpoint may get one; its catalogue is read as often.
NO_USAGE_INTERVAL = timedelta(hours=1)
MODELS_INTERVAL = timedelta(hours=1)


def offset_of(name: str, interval: timedelta) -> timedelta:
    """A meter's own place within the interval, so that many are not asked at once."""
    return timedelta(seconds=crc32(name.encode()) % max(int(interval.total_seconds()), 1))


def next_regular(after: datetime, interval: timedelta, offset: timedelta) -> datetime:
    """The first regular instant later than `after`."""
    start = datetime(1970, 1, 1, tzinfo=UTC) + offset
    return start + ((after - start) // interval + 1) * interval


def backoff(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: doubling, with jitter, at most an hour."""
    longest = min(BACKOFF_FIRST * 2 ** min(failures - 1, 10), BACKOFF_LONGEST)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreading load, not keeping secrets)
