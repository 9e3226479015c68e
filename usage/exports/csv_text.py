"""Records as CSV, in UTF-8: commas, quotes where they are needed, lines that end as RFC 4180 says."""

import csv
import io
from collections.abc import Iterable, Iterator

from usage.exports.cells import Cell, Rows, heads_of
from usage.exports.parts import Part
from usage.exports.records import Records

# Some spreadsheets take UTF-8 for something else without a mark of the encoding.
MARK = "\ufeff"


def pieces(records: Records, part: Part, *, is_marked: bool) -> Iterator[str]:
    """A file piece by piece, with its heads, and the mark of its encoding where that is asked for."""
    rows = Rows(records)
    yield (MARK if is_marked else "") + lines([heads_of(records)])
    for first, last in part.slices():
        yield lines(rows.between(first, last))


def lines(rows: Iterable[list[Cell] | list[str]]) -> str:
    """Rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
