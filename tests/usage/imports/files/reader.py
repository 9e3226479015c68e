"""Reads a file as the job does, of a team with two keys in Nairobi."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from usage.imports.files.reading import FileRead, read
from usage.imports.files.whom import Accounts

NAIROBI = ZoneInfo("Africa/Nairobi")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MAIN, TRIAL = 7, 8
MAIN_ID = "0b0e4f0e-6f0e-4c1e-9d69-0f3c9d1f2a01"
ACCOUNTS = Accounts(
    {MAIN_ID: MAIN},
    {"Main key": frozenset([MAIN]), "=Trial": frozenset([TRIAL]), "Twin": frozenset([MAIN, TRIAL])},
    {"7": MAIN, "8": TRIAL},
)


def file(*lines: str, ending: str = "\n", encoding: str = "utf-8") -> bytes:
    """The bytes of a file of these lines."""
    return ending.join([*lines, ""]).encode(encoding)


def read_file(content: bytes, zone: ZoneInfo = NAIROBI, meter: int | None = None) -> FileRead:
    return read(content, ACCOUNTS, zone, NOW, meter)


def days(found: FileRead) -> list[tuple[int, str, str, int]]:
    """(meter, start, end, tokens) of what a file tells, in UTC."""
    assert not found.faults, found.faults.shown
    return [(day.meter, at(day.start), at(day.end), day.total("tokens")) for day in found.days]


def faults(found: FileRead) -> list[tuple[int, str]]:
    """What is wrong, by line."""
    return found.faults.shown


def at(microseconds: int) -> str:
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).strftime("%m-%d %H:%M")
