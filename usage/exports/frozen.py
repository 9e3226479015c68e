"""Files of a frozen page: the numbers that it draws, and nothing that was learned since."""

from collections.abc import Iterator
from typing import Any

from common.spreadsheets import guarded
from usage.exports.cells import COUNTED, counted_in
from usage.exports.csv_text import MARK, lines
from usage.exports.json_text import text
from usage.models import FrozenReport

CSV, JSON = "csv", "json"
TYPES = {CSV: "text/csv; charset=utf-8", JSON: "application/json"}


def csv_of(page: dict[str, Any], *, is_marked: bool) -> str:
    """A page as CSV, as files of the usage page are; values are told by name alone, as on the page."""
    sheet = page["sheet"]
    heads = ["start", "end", *sheet["by"], *COUNTED]
    rows = [
        [
            *(row["start"], row["end"]),
            *(guarded(row[one]) for one in sheet["by"]),
            *(sheet["measure"], unit_of(sheet)),
            *(_cell(row.get(name)) for name in ("amount", "quality", "up_to_more", "note")),
            "yes" if "stretch" in row else "",
        ]
        for row in rows_of(sheet)
    ]
    return (MARK if is_marked else "") + lines([heads, *rows])


def json_of(kept: FrozenReport, told: dict[str, Any]) -> str:
    """A page as JSON; `told` is all that was frozen."""
    page, sheet = told["page"], told["page"]["sheet"]
    head = {
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
    return f"{text(head | {'rows': list(rows_of(sheet))})}\n"


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


def _cell(value: Any) -> Any:
    return "" if value is None else value
