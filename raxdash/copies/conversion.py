"""A value as SQLite keeps it, made one that PostgreSQL takes; what it cannot take is told, never dropped.

SQLite checks no length, no range and no encoding, and has neither times nor booleans.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Context, Decimal
from typing import Any

from raxdash.copies.postgres_tables import Column

RANGES = {"smallint": 15, "integer": 31, "bigint": 63}
INSTEAD = "\N{REPLACEMENT CHARACTER}"
# In JSON these stand as escapes: a NUL, and half of a character beyond the first 65,536.
NO_CHARACTER = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u(?:0000|d[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2}))", re.IGNORECASE
)
LONE_LOW = re.compile(r"(?<!\\)((?:\\\\)*)(\\ud[89ab][0-9a-f]{2})?\\ud[c-f][0-9a-f]{2}", re.IGNORECASE)
# SQLite gives fifteen digits back, as Django reads them.
DIGITS = Context(prec=15)


@dataclass(slots=True)
class Findings:
    """What PostgreSQL does not take as it is: characters that were replaced, and values that cannot go."""

    replaced: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def refuse(self, where: str, row: object, why: str) -> None:
        """Remember a value that cannot go, and the first row of each column that has one."""
        self.refused[where] += 1
        self.examples.setdefault(where, f"{why}, first in the row {row!r}")

    def refusals(self) -> list[str]:
        """One line for each column with values that cannot go."""
        return [
            f"{where}: {count:,} ({self.examples[where]})" for where, count in sorted(self.refused.items())
        ]


def convert(table: str, columns: list[Column], row: tuple[Any, ...], found: Findings) -> list[Any]:
    """Return a row for PostgreSQL; `row` holds what SQLite keeps, texts as bytes."""
    values = []
    for column, value in zip(columns, row, strict=True):
        where = f"{table}.{column.name}"
        changes: list[None] = []
        try:
            values.append(None if value is None else one(column, value, changes))
        except (ValueError, TypeError, ArithmeticError) as error:
            found.refuse(where, plain(row[0]), str(error))
            values.append(None)
        found.replaced[where] += bool(changes)
    return values


def plain(value: Any) -> Any:
    """Return a first column as people write it."""
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def one(column: Column, value: Any, changes: list[None]) -> Any:
    """Return one value, never None; raise `ValueError` where it cannot go. `changes` grows with a new one."""
    if column.kind == "bytea":
        return bytes(value)
    if isinstance(value, bytes):
        value = text(value, changes)
    if column.kind in RANGES:
        return whole(value, RANGES[column.kind])
    if column.kind in OTHERS:
        return OTHERS[column.kind](value, column, changes)
    if column.length is not None and len(str(value)) > column.length:
        raise ValueError(f"{len(str(value)):,} characters where {column.length:,} fit")
    return str(value)


def text(value: bytes, changes: list[None]) -> str:
    """Return a text without what PostgreSQL keeps in none: NUL, and bytes that are no UTF-8."""
    try:
        words = value.decode()
    except UnicodeDecodeError:
        words = value.decode(errors="replace")
        changes.append(None)
    if "\0" in words:
        changes.append(None)
    return words.replace("\0", INSTEAD)


def whole(value: Any, bits: int) -> int:
    """Return a whole number within the range of its column."""
    number = int(value)
    if number != value and str(number) != value:
        raise ValueError("no whole number")
    if not -(1 << bits) <= number < 1 << bits:
        raise ValueError(f"{number} is out of range")
    return number


def boolean(value: Any, *_: Any) -> bool:
    """Return a truth value."""
    if value not in (0, 1):
        raise ValueError("neither true nor false")
    return bool(value)


def moment(value: Any, *_: Any) -> str:
    """Return a time, which SQLite keeps in UTC without saying so."""
    return value if re.search(r"(?:[+-]\d\d(?::?\d\d)?|Z)$", value[10:]) else f"{value}+00"


def decimal(value: Any, column: Column, *_: Any) -> Decimal:
    """Return the number that Django reads, with the places of its column."""
    number = DIGITS.create_decimal_from_float(value) if isinstance(value, float) else Decimal(str(value))
    return number if column.scale is None else number.quantize(Decimal(1).scaleb(-column.scale))


def structure(value: Any, _: Column, changes: list[None]) -> str:
    """Return JSON as it is written, without the escapes that PostgreSQL refuses."""
    words = NO_CHARACTER.sub(rf"\1{INSTEAD}", str(value))
    words = LONE_LOW.sub(lambda found: found[0] if found[2] else f"{found[1]}{INSTEAD}", words)
    if words != str(value):
        changes.append(None)
    return words


OTHERS: dict[str, Callable[..., Any]] = {
    "boolean": boolean,
    "timestamp with time zone": moment,
    "numeric": decimal,
    "jsonb": structure,
    "double precision": lambda value, *_: float(value),
    "interval": lambda value, *_: timedelta(microseconds=value),
}
