"""Records as the cells of a spreadsheet, none of which is a formula."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from common.spreadsheets import guarded
from usage.claims import IS_ESTIMATE, Amount, Unit
from usage.exports.records import Record, Records

COUNTED = ("measure", "unit", "amount", "quality", "up_to_more", "note", "stretch")
COMPARED = ("compared_start", "compared_end", "compared_amount", "compared_quality")

type Cell = str | int | Decimal


def heads_of(records: Records) -> list[str]:
    """The names of the columns; those of what is compared with come last, where something is."""
    of_values = [name for one in records.by for name in (str(one), f"{one}_id")]
    return ["start", "end", *of_values, *COUNTED, *(COMPARED if records.partners else ())]


def unit_of(records: Records) -> str:
    """What an amount is counted in: `tokens`, `EUR`, `EUR, estimated`."""
    query, unit = records.report.query, records.report.sheet.unit
    return counted_in(unit.currency or query.measure.unit, is_estimate=unit.is_estimate)


def counted_in(unit: str, *, is_estimate: bool) -> str:
    """A unit, and whether what is counted in it is an estimate."""
    return f"{unit}{IS_ESTIMATE}" if is_estimate else unit


class Rows:
    """The rows of some records; each text is looked at once, however often it comes."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._counted = str(records.report.query.measure), unit_of(records)
        self._is_compared = records.partners is not None
        self._guarded: dict[str, str] = {}

    def between(self, first: int, last: int) -> Iterator[list[Cell]]:
        """The cells of records number `first` to before `last`."""
        return map(self.of, self._records.between(first, last))

    def of(self, record: Record) -> list[Cell]:
        """The cells of a record."""
        names = (self._text(text) for value in record.values for text in (value.name, value.id))
        cells: list[Cell] = [
            record.start.isoformat(),
            record.end.isoformat() if record.end else "",
            *names,
            *self._counted,
            *counted(record),
        ]
        if self._is_compared:
            start, end, *amount = compared(record)
            cells += [start.isoformat() if start else "", end.isoformat() if end else "", *amount]
        return cells

    def _text(self, text: str) -> str:
        if (known := self._guarded.get(text)) is None:
            known = self._guarded[text] = guarded(text)
        return known


def counted(record: Record) -> list[Cell]:
    """How much it was, and how far that is known."""
    amount = record.amount
    return [
        drawn(amount),
        record.quality,
        number(amount.unit, amount.more) if amount.more else "",
        record.note,
        "yes" if record.is_stretch else "",
    ]


def compared(record: Record) -> tuple[datetime | None, datetime | None, Cell, Cell]:
    """With what it is compared: since and until when that was, how much, and how far that is known."""
    if record.partner is None:
        return None, None, "", ""
    start, end, amount = record.partner
    return start, end, drawn(amount), str(amount.sureness)


def drawn(amount: Amount) -> Cell:
    """An amount as a number; empty where there is none."""
    return "" if amount.drawn is None else number(amount.unit, amount.certain)


def number(unit: Unit, count: int) -> int | Decimal:
    """So many of a unit, as a number."""
    return unit.value(count) if unit.places else count
