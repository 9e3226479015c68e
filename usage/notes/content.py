"""What a note says, and of when: local days or clock times of the team, as instants. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from usage.models.notes import instants_of


@dataclass(frozen=True, slots=True)
class Content:
    """What a note says, and of when: `days` are its first and last where it is about whole ones."""

    text: str
    starts_at: datetime
    ends_at: datetime
    days: tuple[date, date] | None = None

    @classmethod
    def of_days(cls, text: str, first: date, last: date, zone: ZoneInfo) -> Self:
        """Something about whole days, both included."""
        return cls(text, *instants_of(first, last, zone), (first, last))

    def as_fields(self) -> dict[str, Any]:
        """The fields of a note that says so."""
        first, last = self.days or (None, None)
        return {
            "text": self.text,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "first_day": first,
            "last_day": last,
        }


def tidy(text: str) -> str:
    """The text with one kind of line break, at most one empty line at once, and no blank ends."""
    lines = [line.rstrip() for line in "\n".join(text.splitlines()).strip().split("\n")]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept)


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a local time; of one that comes twice, the first."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def exists(day: date, clock: time, zone: ZoneInfo) -> bool:
    """Tell whether the clocks of a zone show a time on a day."""
    local = datetime.combine(day, clock, zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
