"""Small readers that take a value from a stranger and return a checked value, or None."""

import functools
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from unicodedata import category

from rax._constants import LARGEST_INTEGER, MONEY_DECIMALS, NAME_CHARS
from rax._json import Unread, merge_surrogates

# From here on a float may be another number than the one that was spelled.
_EXACT_FLOATS: Final = 2**53
_NO_CHARACTERS: Final = frozenset({"Cc", "Cs"})
_DAMAGED: Final = "\N{REPLACEMENT CHARACTER}"
_DIGEST_CHARS: Final = 16
# A day is told in milliseconds from here on, the year 2000: as seconds that would be no year of four digits.
_LEAST_MILLISECONDS: Final = 946_684_800_000
# `20261219` is a day, longer digits are seconds or milliseconds.
_ISO_DIGITS: Final = 8
_EPOCH_DIGITS: Final = 16
_FIRST_YEAR: Final = 2000
_CONTROLS: Final = {code: " " for code in range(32) if chr(code) not in "\n\t"}


class Reason(StrEnum):
    """Why a part of an answer cannot be read, in a few words."""

    MISSING = "missing"
    TEXT = "text, not a number"
    NOT_A_NUMBER = "not a number"
    NOT_WHOLE = "not a whole number"
    BELOW_ZERO = "below zero"
    TOO_LARGE = "too large"
    TOLD_TWICE = "told twice"
    NOT_A_TIME = "not a time"
    NOT_AN_AMOUNT = "not an amount of money"
    NOT_A_CURRENCY = "not a currency"
    EMPTY = "empty"
    NOT_SHOWABLE = "characters that cannot be shown"
    NOT_AN_OBJECT = "not an object"
    NOT_A_LIST = "not a list"
    NO_COUNTERS = "neither tokens nor requests"
    NO_DATE = "a day without a date"


def printable(text: str) -> str:
    """Return the text without what upsets terminals and databases: half characters and controls."""
    return merge_surrogates(text).translate(_CONTROLS)


def read_text(value: Any, max_chars: int = NAME_CHARS) -> str | None:
    """Return a non-empty string, cut to `max_chars`."""
    return value[:max_chars] if isinstance(value, str) and value else None


def read_name(value: Any) -> str | None:
    """Return the name of a model as it can be stored and shown; None where it has no visible character, or
    one that is a control or was damaged on the way.

    A name of more than 200 characters ends in `…` and a digest of the whole: two never become one.
    """
    if not isinstance(value, str) or not value.strip() or _DAMAGED in value:
        return None
    if not value.isprintable() and not _is_safe(value):
        return None
    if len(value) <= NAME_CHARS:
        return value
    digest = f"…{sha256(value.encode()).hexdigest()[:_DIGEST_CHARS]}"
    return value[: NAME_CHARS - len(digest)] + digest


def _is_safe(text: str) -> bool:
    """Tell whether something of a text can be seen and nothing steers a terminal or splits a character."""
    visible = any(sign.isprintable() and not sign.isspace() for sign in text)
    return visible and not any(category(sign) in _NO_CHARACTERS for sign in text)


def read_code(value: Any) -> str | None:
    """Return an error code as text: servers send strings and integers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else read_text(value)


def read_count(value: Any) -> int | None:
    """Return a whole number from 0 to 2**63 - 1; an exact float without a fraction counts as one."""
    if type(value) is float and value.is_integer() and value < _EXACT_FLOATS:
        value = int(value)
    return value if type(value) is int and 0 <= value <= LARGEST_INTEGER else None


def why_no_count(value: Any) -> Reason:
    """Return why `read_count` took a value for none."""
    if isinstance(value, Unread):
        return Reason(value.value)
    if isinstance(value, str):
        return Reason.TEXT
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Reason.NOT_A_NUMBER
    if value < 0:
        return Reason.BELOW_ZERO
    return Reason.TOO_LARGE if value >= _EXACT_FLOATS else Reason.NOT_WHOLE


def read_money(value: Any) -> Decimal | None:
    """Return an amount of money to the last digit, from a number or from text with at most 30 decimals."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        amount = value if isinstance(value, Decimal) else Decimal(str(value)[:NAME_CHARS])
    except ArithmeticError:
        return None
    # Comparing is exact where abs would round to 28 digits, or overflow.
    if not amount.is_finite() or not -LARGEST_INTEGER <= amount <= LARGEST_INTEGER:
        return None
    exponent = amount.as_tuple().exponent
    return amount if isinstance(exponent, int) and exponent >= -MONEY_DECIMALS else None


def read_object(value: Any) -> Mapping[str, Any]:
    """Return an object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def read_instant(value: Any, *, ends_day: bool = False) -> datetime | None:
    """Return an aware UTC time from ISO 8601 text or epoch seconds.

    Text without a zone is UTC. A bare date is its first second, or its last with `ends_day`.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return datetime.fromtimestamp(value, UTC)
        if not isinstance(value, str):
            return None
        instant = datetime.fromisoformat(value)
        if ends_day and len(value) <= len("2024-01-31"):
            instant = instant.replace(hour=23, minute=59, second=59)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def read_date(value: Any) -> date | None:
    """Return the date of `2024-01-31` or of an ISO 8601 instant."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def read_day(value: Any) -> date | None:
    """Return the day that is told as ISO 8601, as it is written there, or as seconds or milliseconds since
    1970, as a number or in digits; None for what is none of these, or lies before this century.
    """
    if isinstance(value, str):
        text = value.strip()
        value = int(text) if text.isdecimal() and _ISO_DIGITS < len(text) <= _EPOCH_DIGITS else text
    if isinstance(value, str):
        day = _written_day(value)
    else:
        instant = read_instant(value / 1000 if _is_milliseconds(value) else value)
        day = instant.date() if instant else None
    return day if day and day.year >= _FIRST_YEAR else None


def _written_day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _is_milliseconds(value: Any) -> bool:
    return isinstance(value, int | float) and value >= _LEAST_MILLISECONDS


@functools.lru_cache(maxsize=64)  # of thousands of answers in a second, most name the same one
def read_http_date(text: str) -> datetime | None:
    """Return the aware UTC time of a `Date` header."""
    try:
        instant = parsedate_to_datetime(text)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
