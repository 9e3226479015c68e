"""Files of a frozen page: the numbers that it draws, and nothing that was learned since."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.spreadsheets import guarded
from usage.exports.cells import COUNTED, counted_in
from usage.exports.contents import Contents, Filled, with_offset
from usage.exports.csv_text import MARK, lines
from usage.exports.json_text import text
from usage.exports.parts import AT_ONCE
from usage.models import FrozenReport

CSV, JSON = "csv", "json"
TYPES = {CSV: "text/csv; charset=utf-8", JSON: "application/json"}


def csv_of(page: dict[str, Any], *, is_marked: bool) -> str:
    """A page as CSV, as files of the usage page are; values are told by name alone, as on the page."""
    sheet = page["sheet"]
    rows = [
        [
            *(row["start"], row["end"]),
            *(guarded(row[one]) for one in sheet["by"]),
            *_counted(row, sheet),
        ]
        for row in rows_of(sheet)
    ]
    return (MARK if is_marked else "") + lines([heads_of(sheet), *rows])


def json_of(kept: FrozenReport, told: dict[str, Any]) -> str:
    """A page as JSON; `told` is all that was frozen."""
    return f"{text(head_of(kept, told) | {'rows': list(rows_of(told['page']['sheet']))})}\n"


def of_frozen(kept: FrozenReport, told: dict[str, Any]) -> Contents:
    """A page as what a workbook is filled with; `told` is all that was frozen."""
    sheet, head = told["page"]["sheet"], head_of(kept, told)
    rows = [_filled(row, sheet) for row in rows_of(sheet)]
    notes, by = head.pop("notes"), head.pop("by")
    return Contents(
        heads=with_offset(heads_of(sheet)),
        slices=[rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE)],
        count=len(rows),
        places=max((_places(cell) for row in rows for cell in row), default=0),
        about=[*head.items(), ("by", ", ".join(by)), *(("note", note) for note in notes)],
    )


def head_of(kept: FrozenReport, told: dict[str, Any]) -> dict[str, Any]:
    """What is to be said of all rows: when they were frozen, what was asked, and what they are counted in."""
    page, sheet = told["page"], told["page"]["sheet"]
    return {
        "frozen_at": kept.frozen_at.isoformat(),
        "as_of": page["as_of"],
        "question": page["question"],
        "title": kept.title,
        "zone": told["time_zone"],
        "measure": sheet["measure"],
        "unit": unit_of(sheet),
        "by": sheet["by"],
        "notes": page["says"],
    }


def heads_of(sheet: dict[str, Any]) -> list[str]:
    """The names of the columns."""
    return ["start", "end", *sheet["by"], *COUNTED]


def name_of_frozen(kept: FrozenReport, ending: str) -> str:
    """`usage-acme-frozen-12.csv`."""
    return f"usage-{kept.team.slug}-frozen-{kept.pk}.{ending}"


def rows_of(sheet: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What each series used in each bucket and stretch."""
    for start, end, note, is_stretch, cells in sheet["lines"]:
        for names, (amount, quality, more) in zip(sheet["columns"], cells, strict=True):
            yield {
                "start": start,
                "end": end,
                **dict(zip(sheet["by"], names, strict=True)),
                "amount": amount,
                "quality": quality,
                **({"up_to_more": more} if more is not None else {}),
                **({"note": note} if note else {}),
                **({"stretch": True} if is_stretch else {}),
            }


def unit_of(sheet: dict[str, Any]) -> str:
    """What an amount is counted in."""
    unit, is_estimate = sheet["unit"]
    return counted_in(str(unit), is_estimate=is_estimate)


def _counted(row: dict[str, Any], sheet: dict[str, Any]) -> list[Any]:
    """How much it was, of what, and how far that is known."""
    return [
        *(sheet["measure"], unit_of(sheet)),
        *("" if row.get(name) is None else row[name] for name in ("amount", "quality", "up_to_more", "note")),
        "yes" if "stretch" in row else "",
    ]


def _filled(row: dict[str, Any], sheet: dict[str, Any]) -> Filled:
    """A row as cells: local times, texts, and numbers, those of money too."""
    start, end = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    amounts = {
        name: Decimal(row[name]) for name in ("amount", "up_to_more") if isinstance(row.get(name), str)
    }
    return [start, end, f"{start:%:z}", *(row[one] for one in sheet["by"]), *_counted(row | amounts, sheet)]


def _places(cell: Any) -> int:
    """How many decimal places an amount of money has."""
    exponent = cell.as_tuple().exponent if isinstance(cell, Decimal) else 0
    return -exponent if isinstance(exponent, int) else 0
