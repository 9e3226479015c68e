"""A workbook of Excel's: a sheet of rows, and a sheet that says what they are of."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from usage.exports.cells import Cell
from usage.exports.contents import Contents, Filled

# Texts stay texts, whatever they look like; rows go to the disk as they come.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# A number of more digits would not come back whole: it is written as text.
EXACT_DIGITS = 15
WIDTHS = {
    "start": 17,
    "end": 17,
    "offset": 8,
    "measure": 10,
    "unit": 10,
    "amount": 14,
    "quality": 12,
    "up_to_more": 12,
    "note": 34,
    "stretch": 8,
    "compared_start": 17,
    "compared_end": 17,
    "compared_amount": 17,
    "compared_quality": 17,
}
WIDTH = 20
A4 = 9
# Texts that stand right of a number, which touches them otherwise.
BESIDE_NUMBERS = {"offset", "quality", "note", "compared_quality"}

# Tells how many rows are written; raises where nobody waits for them any more.
type Tell = Callable[[int], None]


def write(contents: Contents, file: Path, tell: Tell) -> None:
    """Write a workbook to a file."""
    book = xlsxwriter.Workbook(str(file), OPTIONS)
    try:
        Sheet(book, contents).fill(tell)
        _about(book, contents.about)
    finally:
        book.close()


class Sheet:
    """The sheet of rows: local times as dates, amounts as numbers, and all else as text."""

    def __init__(self, book: xlsxwriter.Workbook, contents: Contents) -> None:
        self._contents = contents
        self._sheet = book.add_worksheet("Usage")
        self._beside = book.add_format({"indent": 1})
        self._bold = book.add_format({"bold": True})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        places = contents.places
        self._number = book.add_format({"num_format": f"#,##0{f'.{places * "0"}' if places else ''}"})

    def fill(self, tell: Tell) -> None:
        """Write the heads, then all rows."""
        self._lay_out(self._contents.heads, self._contents.count)
        row = 0
        for some in self._contents.slices:
            for cells in some:
                row += 1
                self._write(row, cells)
            tell(row)

    def _lay_out(self, heads: Sequence[str], last: int) -> None:
        """The columns, a first row that stays, and paper that is as wide as all of them."""
        for column, head in enumerate(heads):
            # What programs know values by is there for whoever unfolds it.
            folded = {"level": 1, "hidden": True} if head.endswith("_id") else {}
            beside = self._beside if head in BESIDE_NUMBERS else None
            self._sheet.set_column(column, column, WIDTHS.get(head, WIDTH), beside, folded)
        self._sheet.write_row(0, 0, heads, self._bold)
        self._sheet.freeze_panes(1, 0)
        self._sheet.autofilter(0, 0, last, len(heads) - 1)
        # An id of digits is no number, nor is one of too many digits.
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
        self._sheet.set_landscape()
        self._sheet.set_paper(A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_footer("&L&A&R&P / &N")

    def _write(self, row: int, cells: Filled) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                self._moment(row, column, cell)
            elif cell is not None:
                self._cell(row, column, cell)

    def _cell(self, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            if cell:
                self._sheet.write_string(row, column, cell)
        elif len(str(abs(cell)).replace(".", "")) <= EXACT_DIGITS:
            self._sheet.write_number(row, column, cell, self._number)
        else:
            self._sheet.write_string(row, column, str(cell))

    def _moment(self, row: int, column: int, at: datetime) -> None:
        # A cell knows no zone: the clocks of the team's, whose offset stands beside it.
        self._sheet.write_datetime(row, column, at.replace(tzinfo=None), self._time)


def _about(book: xlsxwriter.Workbook, lines: Sequence[tuple[str, Any]]) -> None:
    """What the rows are of, one thing a line."""
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 80)
    for row, (name, value) in enumerate(lines):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, "" if value is None else str(value))
