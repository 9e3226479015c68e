"""A file as rows of text: its encoding, its separator, and of each row where it begins."""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from usage.imports.files.faults import Unreadable

SEPARATORS = ",;\t"
# How some programs say which separator they wrote.
SEPARATOR_LINE = "sep="
SPREADSHEET = b"PK\x03\x04"

WANTS_CSV = "This is a spreadsheet, not a CSV file. Save it as CSV, and choose that file."
WANTS_UTF8 = "Line {} is not UTF-8. Save the file as “CSV UTF-8”, and choose it again."
NO_TEXT = "This is not a CSV file."
EMPTY = "The file is empty."
BROKEN = "Line {} cannot be read: a quotation mark is open or in the wrong place, or a value is too long."


def text_of(content: bytes) -> str:
    """Return the text of a file; raise `Unreadable` in words."""
    if content.startswith(SPREADSHEET):
        raise Unreadable(WANTS_CSV)
    is_wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(WANTS_UTF8.format(content.count(b"\n", 0, error.start) + 1)) from None
    if "\0" in text:
        raise Unreadable(NO_TEXT)
    if not text.strip():
        raise Unreadable(EMPTY)
    return text


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text with the number of their first line, without empty ones; raise `Unreadable`."""
    separator, skipped = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            if line > skipped and any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        raise Unreadable(BROKEN.format(line)) from None


def _separator(text: str) -> tuple[str, int]:
    """What separates values, and how many lines come before the heads of columns."""
    first = text.lstrip("\r\n").split("\n", 1)[0].strip("\r")
    if first.startswith(SEPARATOR_LINE) and len(first) == len(SEPARATOR_LINE) + 1:
        return first[-1], 1
    return max(SEPARATORS, key=first.count), 0
