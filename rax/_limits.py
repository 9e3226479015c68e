"""Rate-limit headers, read from every answer in each format servers are known to use."""

import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from rax._constants import FARTHEST_RESET_SECONDS, HEADER_VALUE_CHARS, LARGEST_INTEGER

_MARKER = "ratelimit-"
_FIELDS = frozenset({"limit", "remaining", "reset"})
_SCOPES = frozenset({"requests", "tokens"})
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(ms|us|µs|ns|d|h|m|s)")
_UNIT_SECONDS = {
    "d": 86400.0,
    "h": 3600.0,
    "m": 60.0,
    "s": 1.0,
    "ms": 1e-3,
    "us": 1e-6,
    "µs": 1e-6,
    "ns": 1e-9,
}
_EPOCH_SECONDS_FROM = 1e9
_EPOCH_MILLISECONDS_FROM = 1e11


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer said about limits; None where it said nothing.

    Counts are whole requests or tokens; `*_reset_at` are aware UTC times; `received_at` (aware UTC) is
    when the answer came, so that a reader can show the age of these numbers.
    """

    received_at: datetime
    requests_limit: int | None = None
    requests_remaining: int | None = None
    requests_reset_at: datetime | None = None
    tokens_limit: int | None = None
    tokens_remaining: int | None = None
    tokens_reset_at: datetime | None = None
    retry_after_seconds: float | None = None

    def is_known(self) -> bool:
        """Whether the answer carried any rate-limit header beside Retry-After."""
        return any(
            value is not None
            for value in (
                self.requests_limit,
                self.requests_remaining,
                self.requests_reset_at,
                self.tokens_limit,
                self.tokens_remaining,
                self.tokens_reset_at,
            )
        )


def parse_limits(headers: Mapping[str, str], received_at: datetime) -> Limits:
    """Return the limits in `headers` (lower-case names) of an answer received at an aware UTC time.

    `X-RateLimit-Remaining`, the OpenAI form `x-ratelimit-remaining-tokens`, the draft standard's
    `RateLimit-Remaining` and any of them behind a gateway's prefix are read; the shortest name wins,
    so a gateway's own numbers never hide the provider's.
    """
    found: dict[tuple[str, str], str] = {}
    for name in sorted((name for name in headers if _MARKER in name), key=len):
        place = _read_name(name)
        if place:
            found.setdefault(place, headers[name])

    def count(scope: str, field: str) -> int | None:
        return parse_count(found.get((scope, field), ""))

    def reset(scope: str) -> datetime | None:
        return parse_reset(found.get((scope, "reset"), ""), received_at)

    return Limits(
        received_at=received_at,
        requests_limit=count("requests", "limit"),
        requests_remaining=count("requests", "remaining"),
        requests_reset_at=reset("requests"),
        tokens_limit=count("tokens", "limit"),
        tokens_remaining=count("tokens", "remaining"),
        tokens_reset_at=reset("tokens"),
        retry_after_seconds=parse_retry_after(headers, received_at),
    )


@functools.lru_cache(maxsize=1_000)
def _read_name(name: str) -> tuple[str, str] | None:
    """Split `x-ratelimit-remaining-tokens` (or `…-tokens-remaining`) into ("tokens", "remaining")."""
    words = name.rpartition(_MARKER)[2].split("-")
    fields = [word for word in words if word in _FIELDS]
    scopes = [word for word in words if word in _SCOPES]
    if len(fields) != 1 or len(fields) + len(scopes) != len(words):
        return None  # per-day, per-model and other scopes are not the ones we show
    return (scopes[0] if scopes else "requests"), fields[0]


def parse_count(value: str) -> int | None:
    """Return a whole number such as `59`, or the first of `60, 60;w=60`; None for anything else."""
    text = value[:HEADER_VALUE_CHARS].partition(",")[0].partition(";")[0].strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_INTEGER))):
        return None
    return min(int(text), LARGEST_INTEGER)


def parse_reset(value: str, now: datetime) -> datetime | None:
    """Return the aware UTC time meant by a reset header: epoch seconds or milliseconds, seconds from
    `now`, an ISO 8601 instant, or a duration such as `6m0s`. None where it is none of them, or further
    than a year away.
    """
    text = value[:HEADER_VALUE_CHARS].strip()
    seconds = _seconds_until(text, now)
    if seconds is None or not abs(seconds) <= FARTHEST_RESET_SECONDS:
        return None
    return now + timedelta(seconds=seconds)


def _seconds_until(text: str, now: datetime) -> float | None:
    if not text:
        return None  # most answers have none: trying to read it as a date would cost more than all the rest
    number = _number(text)
    if number is None:
        duration = _duration(text)
        return _instant(text, now) if duration is None else duration
    if number >= _EPOCH_MILLISECONDS_FROM:
        return number / 1000 - now.timestamp()
    if number >= _EPOCH_SECONDS_FROM:
        return number - now.timestamp()
    return number


def _number(text: str) -> float | None:
    if not text or text.strip("0123456789."):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _duration(text: str) -> float | None:
    position, seconds = 0, 0.0
    for match in _DURATION.finditer(text):
        if match.start() != position:
            return None
        position = match.end()
        seconds += float(match[1]) * _UNIT_SECONDS[match[2]]
    return seconds if position and position == len(text) else None


def _instant(text: str, now: datetime) -> float | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = parse(text)
            return ((instant if instant.tzinfo else instant.replace(tzinfo=UTC)) - now).total_seconds()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds (0 or more) that `retry-after-ms` or `Retry-After` (seconds or a date) ask for.

    Of several, as two servers on the way say them, the longest.
    """
    milliseconds = _number(headers.get("retry-after-ms", "")[:HEADER_VALUE_CHARS].strip())
    if milliseconds is not None:
        seconds: float | None = milliseconds / 1000
    else:
        text = headers.get("retry-after", "")[:HEADER_VALUE_CHARS].partition(";")[0].strip()
        seconds = _seconds_until(text, now)
        if seconds is None and "," in text:
            told = [_seconds_until(part.strip(), now) for part in text.split(",")]
            seconds = max((part for part in told if part is not None), default=None)
    if seconds is None or seconds > FARTHEST_RESET_SECONDS:
        return None
    return max(seconds, 0.0)
