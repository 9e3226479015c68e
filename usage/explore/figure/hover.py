"""What the page's own hover box says of each bucket, in compact arrays beside the figure. Pure.

Amounts stand in the figure alone; here is what goes with them. A bucket that is still to come has nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from common.templatetags.names import isolated
from usage.explore.figure.signs import Sign
from usage.explore.sheet.marks import Mark
from usage.explore.sheet.tables import Row, Sheet
from usage.ledger.words import MINUTE, microseconds

# Of more blocks at one bucket its box tells nothing: the table does.
MOST_BESIDE = 2
# More signs could not be told apart, and longer words not be read: the list below has all of both.
MOST_SIGNS, LONGEST_TEXT = 60, 160


@dataclass(frozen=True, slots=True)
class Comparison:
    """Another span's amounts, one for each bucket or None, and what it is called: `30 days before`."""

    label: str
    amounts: Sequence[int | None]


def hover(sheet: Sheet, signs: Iterable[Sign] = (), comparison: Comparison | None = None) -> dict[str, Any]:
    """Everything beside the amounts: series, titles, the totals that are no plain sums, sentences and which
    of them belong to each bucket, signs, when the first bucket begins, in minutes since 1970, and how many
    minutes each is long. Of money it is told how many places its coins are, its currency, and whether it is
    an estimate.
    """
    rows = begun(sheet)
    sentences, said = words(sheet, rows)
    told: dict[str, Any] = {
        "columns": [[isolated(column.short), column.number] for column in sheet.columns],
        "titles": [row.label for row in rows],
        "totals": {
            str(n): row.total.words
            for n, row in enumerate(rows)
            if row.used is not None or not row.total.is_known or row.total.below
        },
        "sentences": sentences,
        "said": said,
        "signs": [[sign.place, sign.sign, shortened(sign.text)] for sign in list(signs)[:MOST_SIGNS]],
        "begin": microseconds(sheet.span.start) // MINUTE,
        "lengths": [(row.end - row.start) // timedelta(minutes=1) for row in rows],
    }
    if sheet.unit.currency:
        unit = sheet.unit
        told["money"] = [unit.places, unit.currency, unit.is_estimate]
    return told | ({"compared": comparison.label} if comparison else {})


def begun(sheet: Sheet) -> list[Row]:
    """The rows that are not all to come."""
    return [row for row in sheet.rows if row.mark != Mark.TO_COME]


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT].rstrip()}…"


def words(sheet: Sheet, rows: Sequence[Row]) -> tuple[list[str], list[list[int]]]:
    """What must be known of buckets: how each was seen, and which blocks cover it; all sentences, once each,
    and their numbers by bucket.
    """
    numbers: dict[str, int] = {}
    said = [[numbers.setdefault(row.mark, len(numbers))] if row.mark else [] for row in rows]
    beside = [0] * len(rows)
    for block in sheet.blocks:
        for place in range(block.first, min(block.last + 1, len(rows))) if block.sum else ():
            beside[place] += 1
            if beside[place] <= MOST_BESIDE:
                said[place].append(numbers.setdefault(block.words, len(numbers)))
    return list(numbers), said
