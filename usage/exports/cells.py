"""Records as the cells of a spreadsheet, none of which is a formula."""

from collections.abc import Iterator
from decimal import Decimal

from common.spreadsheets import guarded
from usage.claims import Unit
from usage.exports.records import Record, Records

COUNTED = ("measure", "unit", "amount", "quality", "up_to_more", "note", "stretch")

type Cell = str | int | Decimal


def heads_of(records: Records) -> list[str]:
    """The names of the columns."""
    of_values = [name for one in records.by for name in (str(one), f"{one}_id")]
    return ["start", "end", *of_values, *COUNTED]


def unit_of(records: Records) -> str:
    """What an amount is counted in: `tokens`, `EUR`, `EUR, estimated`."""
    query, unit = records.report.query, records.report.sheet.unit
    if not unit.currency:
        return query.measure.unit
    return f"{unit.currency}, estimated" if unit.is_estimate else unit.currency


class Rows:
    """The rows of some records; each text is looked at once, however often it comes."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._counted = str(records.report.query.measure), unit_of(records)
        self._guarded: dict[str, str] = {}

    def between(self, first: int, last: int) -> Iterator[list[Cell]]:
        """The cells of records number `first` to before `last`."""
        return map(self.of, self._records.between(first, last))

    def of(self, record: Record) -> list[Cell]:
        """The cells of a record."""
        start, end, values, amount, note, is_stretch = record
        return [
            start.isoformat(),
            end.isoformat() if end else "",
            *(self._text(text) for value in values for text in (value.name, value.id)),
            *self._counted,
            "" if amount.drawn is None else number(amount.unit, amount.certain),
            record.quality,
            number(amount.unit, amount.more) if amount.more else "",
            note,
            "yes" if is_stretch else "",
        ]

    def _text(self, text: str) -> str:
        if (known := self._guarded.get(text)) is None:
            known = self._guarded[text] = guarded(text)
        return known


def number(unit: Unit, count: int) -> int | Decimal:
    """So many of a unit, as a number."""
    return unit.value(count) if unit.places else count
