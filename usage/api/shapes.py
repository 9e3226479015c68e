"""How things are told in JSON: instants in UTC or in a zone, ids as texts. Amounts are told as in files."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

type Json = dict[str, Any]


def at(instant: datetime | None) -> str | None:
    """An instant in UTC: `2026-11-27T11:00:00Z`; fractions of a second are left out."""
    if instant is None:
        return None
    return instant.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def local(instant: datetime, zone: str) -> str:
    """An instant with the offset of a zone: `2026-11-27T00:00:00+01:00`."""
    return instant.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def named(value: object, name: str) -> Json:
    """Something that has an id and a name."""
    return {"id": str(value), "name": name}


def newest(instants: Sequence[datetime | None]) -> datetime | None:
    """The newest of some instants; None where none is known."""
    return max((each for each in instants if each is not None), default=None)
