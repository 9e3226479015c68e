"""Request and token limits, as a server enforces them.

Requests are counted in fixed windows of one minute of UTC; every answered request counts, polls too, and a
refused one does not. Tokens are counted per UTC day and include the background load; who has spent them may
still poll.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rax.simulator.clock import wire_time
from rax.simulator.errors import ApiError
from rax.simulator.keys import Key

ResetFormat = Literal["epoch", "epoch_ms", "seconds", "iso", "duration"]

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Headroom:
    """What is left of the current window, and when the next one begins."""

    remaining: int
    reset: datetime

    def headers(self, now: datetime, reset_format: ResetFormat) -> dict[str, str]:
        return {
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": format_reset(self.reset, now, reset_format),
        }


class Limiter:
    """Counts the requests of each key in the minute it is in."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[datetime, int]] = {}

    def take(self, key: Key, now: datetime, reset_format: ResetFormat) -> Headroom:
        """Count one request. Raises the 429 of the API when the minute is spent."""
        window = now.replace(second=0, microsecond=0)
        start, used = self._windows.get(key.meter, (window, 0))
        used = used if start == window else 0
        if used >= key.plan.requests_per_minute:
            raise refusal("requests per minute", Headroom(0, window + MINUTE), now, reset_format)
        self._windows[key.meter] = (window, used + 1)
        return Headroom(key.plan.requests_per_minute - used - 1, window + MINUTE)


def check_tokens(key: Key, used_today: int, now: datetime, reset_format: ResetFormat) -> None:
    """Raise the 429 of the API when a key's tokens of this UTC day are spent."""
    limit = key.plan.tokens_per_day
    if limit is not None and used_today >= limit:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        raise refusal("tokens per day", Headroom(0, midnight), now, reset_format)


def refusal(limit: str, headroom: Headroom, now: datetime, reset_format: ResetFormat) -> ApiError:
    """The documented 429, with `Retry-After` in whole seconds."""
    wait = math.ceil((headroom.reset - now).total_seconds())
    headers = headroom.headers(now, reset_format) | {"Retry-After": str(wait)}
    return ApiError(429, f"Rate limit exceeded: {limit}. Retry after {wait} s.", headers)


def format_reset(reset: datetime, now: datetime, reset_format: ResetFormat) -> str:
    """`X-RateLimit-Reset` in one of the formats seen in the wild; the documentation names none."""
    seconds = math.ceil((reset - now).total_seconds())
    minutes = f"{seconds // 60}m" if seconds >= 60 else ""
    formats: dict[ResetFormat, str] = {
        "epoch": str(math.ceil(reset.timestamp())),
        "epoch_ms": str(math.ceil(reset.timestamp() * 1000)),
        "seconds": str(seconds),
        "iso": wire_time(reset),
        "duration": f"{minutes}{seconds % 60}s",
    }
    return formats[reset_format]
