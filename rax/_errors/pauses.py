"""When an error asks to come back, where no `Retry-After` says it: by fields, words, or other headers."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from rax._constants import FARTHEST_RESET_SECONDS
from rax._errors.names import named
from rax._limits import Limits, parse_reset

# Fields of an error object, as `names.compared` has them.
_FIELDS: Final = (
    *("retryafter", "retryafterseconds", "retrydelay", "retryin", "retryat", "waitseconds", "resetsin"),
    *("resetsinseconds", "resetinseconds", "resetafter", "resetat", "resetsat", "resettime", "reset"),
    *("xratelimitreset", "ratelimitreset"),
)
_FIELDS_IN_MILLISECONDS: Final = ("retryafterms", "retrydelayms", "resetsinms")
_HEADERS: Final = (
    *("x-retry-after", "x-ratelimit-retry-after", "x-amz-retry-after", "x-ms-retry-after-ms"),
    *("x-ratelimit-reset-after", "x-rate-limit-reset", "anthropic-ratelimit-unified-reset"),
)
# `limit=10, remaining=0, reset=30`, and the same in the words of the later draft: `"day";r=0;t=30`.
_COMBINED: Final = re.compile(r"(?:\breset=|;\s*t=)(\d{1,12})")

# A time counts only behind a word that speaks of coming back: "10 requests in 60 seconds" is no pause.
_RETRY: Final = re.compile(r"\b(?:again|retry\w*|retries|wait|back)\b", re.IGNORECASE)
_RESET: Final = re.compile(
    r"\b(?:next|reset\w*|available|allowed|until|renew\w*|resum\w*|lift\w*|unlock\w*|unblock\w*|refill\w*"
    r"|refresh\w*|replenish\w*|restor\w*|ends?)\b",
    re.IGNORECASE,
)
_REACH: Final = 60
# Words may repeat what was asked: its model, or its prompt. What stands in quotes is somebody else's, and
# nobody is kept away for longer than a month's quota lasts.
_QUOTED: Final = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”|«[^»]*»|(?<!\w)'[^']*'(?!\w)")
_LONGEST_IN_WORDS: Final = timedelta(days=31)
_SENTENCE_END: Final = re.compile(r"\.(?:\s+[A-Z]|\s*$)|[;!?\n]")
_UNIT_SECONDS: Final = (1e-3, 1.0, 60.0, 3_600.0, 86_400.0)
_PART: Final = (
    r"(\d{1,9}(?:\.\d{1,9})?)\s?"
    r"(?:(ms|milliseconds?)|(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hrs?|hours?)|(d|days?))(?![a-z])"
)
_LENGTH: Final = re.compile(rf"(?<![\w.:-]){_PART}", re.IGNORECASE)
_NEXT_PART: Final = re.compile(rf"(?:\s|,|and)*{_PART}", re.IGNORECASE)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_CLOCK: Final = (
    r"(?:,?(?:\s+at)?[T\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"(?:\s?(?P<half>[ap]m)\b)?\s?\(?(?P<zone>Z\b|[+-]\d\d:?\d\d|[A-Z]{3,4}\b)?)?"
)
_DATES: Final = tuple(
    re.compile(pattern + _CLOCK, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>\d{4})[-/](?P<month>\d\d)[-/](?P<day>\d\d)",
        r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s+(?P<year>\d{{4}}))?",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>\d{{4}}))?",
    )
)
# `Retry after: 30`, without a unit.
_BARE: Final = re.compile(r"^[-\s]*(?:after|in|for)[:=\s]*(\d{1,6})(?=\s*(?:[.,;)\]}\"']|$))", re.IGNORECASE)
_EPOCH: Final = re.compile(r"(?<![\d.])(\d{10}|\d{13})(?:\.\d+)?(?![\d-])")
_TIME_OF_DAY: Final = re.compile(r"\b(?:midnight|(\d{1,2}):(\d\d))\s?\(?(?:UTC|GMT|Z)\b", re.IGNORECASE)
_ZONE_HOURS: Final = {"PST": -8, "PDT": -7, "MST": -7, "EST": -5, "EDT": -4, "CET": 1, "CEST": 2, "JST": 9}


def pause_seconds(value: Any, words: str, headers: Mapping[str, str], limits: Limits) -> float | None:
    """Return in how many seconds an error asks to come back; None where it does not say, or nothing sensible.

    `value` is its body as JSON, or None; `words` its message. What lies in the past, or further than a year
    ahead, is not believed.
    """
    now = limits.received_at
    for at in (*_from_fields(value, now), _from_words(words, now), *_from_headers(headers, limits)):
        if at is not None and 0 < (seconds := (at - now).total_seconds()) <= FARTHEST_RESET_SECONDS:
            return seconds
    return None


def _from_fields(value: Any, now: datetime) -> Iterator[datetime | None]:
    level = [value]
    while level:
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                yield _from_object(named(item), now)
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        level = below


def _from_object(said: Mapping[str, Any], now: datetime) -> datetime | None:
    for name in (*_FIELDS, *_FIELDS_IN_MILLISECONDS):
        told = said.get(name)
        if isinstance(told, bool) or not isinstance(told, int | float | str):
            continue
        in_milliseconds = name in _FIELDS_IN_MILLISECONDS
        if (at := parse_reset(f"{told}ms" if in_milliseconds else str(told), now)) is not None:
            return at
    return None


def _from_headers(headers: Mapping[str, str], limits: Limits) -> Iterator[datetime | None]:
    now = limits.received_at
    for name in _HEADERS:
        told = headers.get(name, "")
        yield parse_reset(f"{told}ms" if told and name.endswith("-ms") else told, now)
    if found := _COMBINED.search(headers.get("ratelimit", "")):
        yield parse_reset(found[1], now)
    resets = (
        (limits.requests_remaining, limits.requests_reset_at),
        (limits.tokens_remaining, limits.tokens_reset_at),
    )
    yield from (at for remaining, at in resets if remaining == 0)
    yield from (at for remaining, at in resets if remaining is None)


def _from_words(words: str, now: datetime) -> datetime | None:
    """Return the soonest time behind a word of trying again, else behind one of a reset; else an epoch's.

    Of several the soonest: who comes too soon is told again, and nobody's words can keep others away.
    """
    words = words[1:-1] if _QUOTED.fullmatch(words) else _QUOTED.sub('""', words)
    for speaks in (_RETRY, _RESET):
        times = (
            _first_time(words[found.end() : found.end() + _REACH], now) for found in speaks.finditer(words)
        )
        if at := min((at for at in times if at and now < at <= now + _LONGEST_IN_WORDS), default=None):
            return at
    epoch = _EPOCH.search(words)
    at = parse_reset(epoch[1], now) if epoch else None
    return at if at and at <= now + _LONGEST_IN_WORDS else None


def _first_time(words: str, now: datetime) -> datetime | None:
    end = _SENTENCE_END.search(words)
    words = words[: end.start()] if end else words
    for pattern in _DATES:
        if date := pattern.search(words):
            return _date(date.groupdict(), now)
    if epoch := _EPOCH.search(words):
        return parse_reset(epoch[1], now)
    if time := _TIME_OF_DAY.search(words):
        return _next(time, now)
    seconds = _length(words)
    if seconds is None and (bare := _BARE.search(words)):
        seconds = float(bare[1])
    return None if seconds is None or seconds > FARTHEST_RESET_SECONDS else now + timedelta(seconds=seconds)


def _length(words: str) -> float | None:
    """Return the seconds of the first length of time: `1h 2m`, `20 seconds`, `7.66s`."""
    found = _LENGTH.search(words)
    if found is None:
        return None
    seconds = 0.0
    while found is not None:
        number, *units = found.groups()
        seconds += float(number) * next(size for size, unit in zip(_UNIT_SECONDS, units, strict=True) if unit)
        found = _NEXT_PART.match(words, found.end())
    return seconds


def _next(found: re.Match[str], now: datetime) -> datetime | None:
    """Return when a time of day, UTC, comes next."""
    hour, minute = (int(part or 0) for part in found.groups())
    if hour > 23 or minute > 59:
        return None
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at if at > now else at + timedelta(days=1)


def _date(said: Mapping[str, str | None], now: datetime) -> datetime | None:
    """Return the aware time of a date that was found; a date alone is its first moment, in UTC and soon."""
    month = said.get("month") or _MONTHS.index((said["name"] or "").lower()) + 1
    hour = int(said["hour"] or 0)
    if said["half"]:
        hour = hour % 12 + (12 if said["half"].lower() == "pm" else 0)
    try:
        at = datetime(
            int(said["year"] or now.year),
            int(month),
            int(said["day"] or 0),
            hour,
            int(said["minute"] or 0),
            int(said["second"] or 0),
            tzinfo=_zone(said["zone"] or ""),
        )
        if not said["year"] and at <= now:
            at = at.replace(year=at.year + 1)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> timezone:
    if name[:1] in ("+", "-"):
        hours, minutes = int(name[1:3]), int(name[-2:])
        return timezone((1 if name[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    return timezone(timedelta(hours=_ZONE_HOURS.get(name.upper(), 0)))
