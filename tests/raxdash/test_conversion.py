"""What SQLite keeps becomes what PostgreSQL takes; what it does not take is told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from raxdash.copies.conversion import INSTEAD, Findings, convert
from raxdash.copies.postgres_tables import Column


def converted(kind: str, value: Any, *measures: int | None) -> tuple[Any, Findings]:
    length, scale = (*measures, None, None)[:2]
    found = Findings()
    columns = [Column("id", "bigint", None, None), Column("it", kind, length, scale)]
    return convert("t", columns, (7, value), found)[1], found


@pytest.mark.parametrize(
    ("kind", "kept", "taken"),
    [
        ("bigint", 2**63 - 1, 2**63 - 1),
        ("boolean", 1, True),
        ("text", b"caf\xc3\xa9", "café"),
        ("timestamp with time zone", b"2026-05-09 12:00:00.000001", "2026-05-09 12:00:00.000001+00"),
        ("timestamp with time zone", b"2026-05-09 12:00:00+02:00", "2026-05-09 12:00:00+02:00"),
        ("date", b"2026-05-09", "2026-05-09"),
        ("bytea", b"\x00\xff", b"\x00\xff"),
        ("interval", 1_500_000, timedelta(seconds=1.5)),
        ("jsonb", b'{"big": 12345678901234567890, "x": 1.10}', '{"big": 12345678901234567890, "x": 1.10}'),
        ("jsonb", rb'"\ud83d\udc69 \\u0000 \\\\ud83d"', r'"\ud83d\udc69 \\u0000 \\\\ud83d"'),
        ("double precision", 1, 1.0),
        ("text", None, None),
    ],
)
def test_it_is_the_same_value(kind: str, kept: Any, taken: Any) -> None:
    value, found = converted(kind, kept)
    assert (value, type(value)) == (taken, type(taken))
    assert not found.refused
    assert not found.replaced.total()


def test_a_decimal_has_the_places_of_its_column() -> None:
    assert converted("numeric", 0.1, None, 2)[0] == Decimal("0.10")
    assert converted("numeric", 12, None, 2)[0] == Decimal("12.00")


@pytest.mark.parametrize(
    ("kind", "kept", "taken"),
    [
        ("text", b"a\0b", f"a{INSTEAD}b"),
        ("text", b"a\xffb", f"a{INSTEAD}b"),
        ("jsonb", rb'"\u0000"', f'"{INSTEAD}"'),
        ("jsonb", rb'"\\\u0000\u0000"', rf'"\\{INSTEAD}{INSTEAD}"'),
        ("jsonb", rb'"\ud83d"', f'"{INSTEAD}"'),
        ("jsonb", rb'"\ud83d\ud83d\udc69\udc69"', rf'"{INSTEAD}\ud83d\udc69{INSTEAD}"'),
    ],
)
def test_what_no_text_keeps_is_replaced_and_told(kind: str, kept: bytes, taken: str) -> None:
    value, found = converted(kind, kept)
    assert value == taken
    assert found.replaced == {"t.id": 0, "t.it": 1}


@pytest.mark.parametrize(
    ("kind", "kept", "words"),
    [
        ("integer", 2**31, "2147483648 is out of range"),
        ("smallint", -(2**15) - 1, "-32769 is out of range"),
        ("bigint", 2.0**63, "out of range"),
        ("integer", 1.5, "no whole number"),
        ("integer", b"many", "invalid literal"),
        ("boolean", 2, "neither true nor false"),
        ("timestamp with time zone", 12, "not subscriptable"),
        ("character varying", b"abcd", "4 characters where 3 fit"),
    ],
)
def test_what_cannot_go_is_named(kind: str, kept: Any, words: str) -> None:
    _, found = converted(kind, kept, 3)
    (line,) = found.refusals()
    assert line.startswith("t.it: 1 (")
    assert words in line
    assert "first in the row 7" in line
