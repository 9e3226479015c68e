"""Over which time is asked: a named period, so many days, or chosen days and instants. Not yet placed."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Self

# A local day, or an instant in UTC where hours were chosen.
type Place = date | datetime


class Unit(StrEnum):
    """The units of the calendar that a period may be; weeks begin where the team says."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


# The unit of a named period, and how many units before the one that goes on it lies.
UNITS = {
    "today": (Unit.DAY, 0),
    "yesterday": (Unit.DAY, 1),
    "week": (Unit.WEEK, 0),
    "last-week": (Unit.WEEK, 1),
    "month": (Unit.MONTH, 0),
    "last-month": (Unit.MONTH, 1),
    "quarter": (Unit.QUARTER, 0),
    "last-quarter": (Unit.QUARTER, 1),
    "year": (Unit.YEAR, 0),
    "last-year": (Unit.YEAR, 1),
}
HOURS, BILLING, LAST_BILLING, QUOTA_DAY = "24h", "billing", "last-billing", "quota-day"
DAYS, MONTHS = re.compile(r"([1-9]\d{0,2})d"), re.compile(r"([1-9]\d?)m")
DEFAULT = "7d"

LABELS = {
    HOURS: "Last 24 hours",
    "today": "Today",
    "yesterday": "Yesterday",
    "week": "This week",
    "last-week": "Last week",
    "month": "This month",
    "last-month": "Last month",
    "quarter": "This quarter",
    "last-quarter": "Last quarter",
    "year": "This year",
    "last-year": "Last year",
    BILLING: "This billing period",
    LAST_BILLING: "Last billing period",
    QUOTA_DAY: "Quota day",
}
# One of these that is not the newest is named by what it is.
STEPPED = {HOURS: "24 hours", BILLING: "Billing period", QUOTA_DAY: "Quota day"}


@dataclass(frozen=True, slots=True)
class Period:
    """A `name`, empty for whatever a team opens on, and `until`, before which it ends where it was stepped
    back; or a `start`, an `end`, or both: local days, the last one included, or instants.
    """

    name: str = ""
    start: Place | None = None
    end: Place | None = None
    until: Place | None = None

    @classmethod
    def between(cls, start: Place | None, end: Place | None) -> Self:
        """Chosen days or instants; without an end they reach to today, without a start over seven days."""
        return cls(start=start, end=end)

    @property
    def is_custom(self) -> bool:
        """Tell whether it has a start or end of its own."""
        return self.start is not None or self.end is not None

    @property
    def is_of_hours(self) -> bool:
        """Tell whether it was chosen by instants."""
        return isinstance(self.start, datetime) or isinstance(self.end, datetime)

    @property
    def unit(self) -> tuple[Unit, int] | None:
        """The unit of the calendar that it is, and how many of them ago."""
        return UNITS.get(self.name)

    @property
    def days(self) -> int | None:
        """How many days it always has, where it is so many."""
        found = DAYS.fullmatch(self.name)
        return int(found[1]) if found else None

    @property
    def months(self) -> int | None:
        """How many months it always has, where it is so many."""
        found = MONTHS.fullmatch(self.name)
        return int(found[1]) if found else None

    @property
    def is_billing(self) -> bool:
        """Tell whether it is a billing period."""
        return self.name in (BILLING, LAST_BILLING)

    @property
    def is_stepped(self) -> bool:
        """Tell whether it is another one than the newest."""
        return self.until is not None

    @property
    def label(self) -> str:
        """What it is called on a button."""
        if self.days or self.months:
            words = "day" if self.days else "month"
            count = self.days or self.months
            return f"{count} {words}s" if count != 1 else f"1 {words}"
        if self.until is not None and self.unit:
            return self.unit[0].value.capitalize()
        return (STEPPED if self.until is not None else LABELS).get(self.name, "Custom")

    def at(self, until: Place | None) -> Self:
        """The same kind of period, ending before another place."""
        return replace(self, until=until)


def is_name(text: str) -> bool:
    """Tell whether a text names a period."""
    return text in LABELS or bool(DAYS.fullmatch(text) or MONTHS.fullmatch(text))


def place_text(place: Place) -> str:
    """A place in time as an address says it: `2026-11-20`, or `2026-11-20T14:00Z`."""
    if not isinstance(place, datetime):
        return place.isoformat()
    text = place.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="auto")
    return f"{text.removesuffix(':00') if not place.second and not place.microsecond else text}Z"


def read_place(text: str) -> Place:
    """Read a place in time; an instant without an offset is in UTC. Raises ValueError."""
    # A day however ISO 8601 writes it, `20261120` too: else it were the midnight that it begins with.
    with suppress(ValueError):
        return date.fromisoformat(text)
    at = datetime.fromisoformat(text)
    try:
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error
