"""Read a workbook as a spreadsheet does: from its XML, with dates, numbers and texts."""

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001  a cell knows no zone
TIMES = {"start", "end", "compared_start", "compared_end"}


def sheet_rows(content: bytes) -> list[dict[str, Any]]:
    """The rows of the first sheet by their heads; an empty cell is an empty text."""
    heads, *lines = cells_of(content, 1)
    rows = [dict(zip(heads, [*line, *[""] * (len(heads) - len(line))], strict=True)) for line in lines]
    return [{name: moment(cell) if name in TIMES else cell for name, cell in row.items()} for row in rows]


def cells_of(content: bytes, sheet: int) -> list[list[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = texts(book)
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    return [cells(row, shared) for row in root.iter(f"{MAIN}row")]


def texts(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return ["".join(each.itertext()) for each in root.iter(f"{MAIN}si")]


def cells(row: ElementTree.Element, shared: list[str]) -> list[Any]:
    found: list[Any] = []
    for cell in row.iter(f"{MAIN}c"):
        found += [""] * (column(cell.attrib["r"]) - len(found))
        found.append(value(cell, shared))
    return found


def value(cell: ElementTree.Element, shared: list[str]) -> Any:
    if cell.get("t") == "inlineStr":
        return "".join(cell.itertext())
    number = cell.findtext(f"{MAIN}v") or ""
    if cell.get("t") == "s":
        return shared[int(number)]
    return (float(number) if "." in number else int(number)) if number else ""


def column(name: str) -> int:
    place = 0
    for letter in name.rstrip("0123456789"):
        place = 26 * place + ord(letter) - 64
    return place - 1


def moment(cell: Any) -> Any:
    if cell == "":
        return ""
    return FIRST_DAY + timedelta(seconds=round(cell * 86_400))
