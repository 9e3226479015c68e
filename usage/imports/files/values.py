"""Values of a file: text, whole numbers and times. What cannot be read raises `ValueError` in words."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from unicodedata import category
from zoneinfo import ZoneInfo

from common.form_fields import EARLIEST, is_visible
from common.spreadsheets import unguarded
from usage.imports.files.faults import quoted
from usage.ledger.grid import ONE_DAY, day_start
from usage.ledger.words import microseconds, moment

WHOLE = re.compile(r"-?[0-9]{1,19}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LARGEST = 2**62
LONGEST_NAME = 200
DAMAGED = "\N{REPLACEMENT CHARACTER}"

MONEY = re.compile(r"-?[0-9]{1,12}(?:[.][0-9]{1,6}0*)?")
NO_MONEY = "{} is no amount of money. Write digits and a point, such as 1234.56."
NO_NUMBER = "{} is not a whole number. Write digits only, such as 1234567."
TOO_LARGE = "{} is more than raxdash counts."
NO_TIME = "{} is not a time. Write one such as 2026-09-01 or 2026-09-01T00:00:00+03:00."
NO_MOMENT = "{} comes twice or not at all in {}, where clocks are changed. Write it with its offset."
TOO_EARLY = f"{{}} is before {EARLIEST.year}."
TOO_LATE = "{} has not been yet."


def whole_number(cell: str) -> int:
    """Return a whole number, below zero too."""
    text = unguarded(cell).strip()
    if not WHOLE.fullmatch(text):
        raise ValueError(NO_NUMBER.format(quoted(text)))
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError(TOO_LARGE.format(quoted(text)))
    return number


def millionths(cell: str) -> int:
    """Return an amount of money in millionths, below zero too."""
    text = unguarded(cell).strip()
    if not MONEY.fullmatch(text):
        raise ValueError(NO_MONEY.format(quoted(text)))
    return int(Decimal(text).scaleb(6))


# Many rows are of the same few models and times.
@lru_cache(maxsize=4_096)
def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a model: it can be seen, and nothing in it steers a screen."""
    is_safe = not any(category(sign) in ("Cc", "Cs") or sign == DAMAGED for sign in text)
    return is_safe and is_visible(text) and len(text) <= LONGEST_NAME


@lru_cache(maxsize=4_096)
def start_of(cell: str, zone: ZoneInfo) -> tuple[int, date]:
    """Return where a row begins, in microseconds, and its local day: by its own offset, else in the zone."""
    text = cell.strip()
    if DAY.fullmatch(text):
        day = _day(text)
        return day_start(day, zone), day
    instant = _instant(text, zone)
    return microseconds(instant.astimezone(UTC)), instant.date()


@lru_cache(maxsize=4_096)
def end_of(cell: str, zone: ZoneInfo) -> int:
    """Return where a row ends; a day is the last one, as everywhere in raxdash."""
    text = cell.strip()
    if DAY.fullmatch(text):
        return day_start(_day(text) + ONE_DAY, zone)
    return microseconds(_instant(text, zone).astimezone(UTC))


def check_start(start: int, now: datetime, shown: str) -> None:
    """Raise where a row is of a time that has not been, or long ago; `shown` is how its start is written."""
    if moment(start).date() < EARLIEST - ONE_DAY:
        raise ValueError(TOO_EARLY.format(quoted(shown)))
    if start > microseconds(now):
        raise ValueError(TOO_LATE.format(quoted(shown)))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(NO_TIME.format(quoted(text))) from None
    if day >= date.max - ONE_DAY:
        raise ValueError(TOO_LATE.format(quoted(text)))
    return day


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo:
            instant.astimezone(UTC)
            return instant
        local = instant.replace(tzinfo=zone)
        is_one = local.utcoffset() == local.replace(fold=1).utcoffset()
    except (ValueError, OverflowError):
        raise ValueError(NO_TIME.format(quoted(text))) from None
    if not is_one:
        raise ValueError(NO_MOMENT.format(quoted(text), zone.key))
    return local
