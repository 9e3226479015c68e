"""What a workbook is filled with: its heads, its rows, slice by slice, and what is said of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from usage.exports.cells import Cell, compared, counted, heads_of, unit_of
from usage.exports.json_text import told
from usage.exports.parts import Part
from usage.exports.records import Record, Records

# A local time is a cell, and how far its clock is from UTC another one behind both times.
OFFSET = "offset"
TIMES = 2

type Filled = list[Cell | datetime | None]


@dataclass(frozen=True, slots=True)
class Contents:
    """`count` rows below `heads`, made slice by slice as they are taken; amounts have so many decimal places.
    `about` is told on a sheet of its own, one thing a line.
    """

    heads: Sequence[str]
    slices: Iterable[Iterable[Filled]]
    count: int
    places: int
    about: Sequence[tuple[str, Any]]


def with_offset(heads: Sequence[str]) -> list[str]:
    """The heads of a file of text, as a workbook has them."""
    return [*heads[:TIMES], OFFSET, *heads[TIMES:]]


def of_records(records: Records, part: Part) -> Contents:
    """A part of some records."""
    return Contents(
        heads=with_offset(heads_of(records)),
        slices=_slices(records, part),
        count=part.last - part.first,
        places=records.report.sheet.unit.places,
        about=list(_about(records, part)),
    )


def _slices(records: Records, part: Part) -> Iterator[list[Filled]]:
    measure_and_unit = str(records.report.query.measure), unit_of(records)
    is_compared = records.partners is not None
    for first, last in part.slices():
        yield [_filled(one, measure_and_unit, is_compared) for one in records.between(first, last)]


def _filled(record: Record, measure_and_unit: tuple[str, str], is_compared: bool) -> Filled:
    return [
        record.start,
        record.end,
        f"{record.start:%:z}",
        *(text for value in record.values for text in (value.name, value.id)),
        *measure_and_unit,
        *counted(record),
        *(compared(record) if is_compared else ()),
    ]


def _about(records: Records, part: Part) -> Iterator[tuple[str, Any]]:
    """What the rows are of."""
    facts: dict[str, Any] = told(records) | {"part": f"{part.number} of {part.count}"}
    total, notes, by = facts.pop("total"), facts.pop("notes"), facts.pop("by")
    other = facts.pop("compared", None)
    yield from facts.items()
    yield "by", ", ".join(by)
    yield "total", total["amount"]
    yield "quality", total["quality"]
    if other:
        yield "compared_start", other["start"]
        yield "compared_end", other["end"]
        yield "compared_total", other["total"]["amount"]
        yield "compared_quality", other["total"]["quality"]
    yield from (("note", note) for note in notes)
