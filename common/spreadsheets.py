"""Texts that others chose, as cells of spreadsheets: none of them is a formula."""

import re
from unicodedata import category, normalize

# What a spreadsheet takes for a formula begins with one of these, also where it is as wide as a Chinese sign.
FORMULAS = {"=", "+", "-", "@"}
# Signs that spreadsheets may leave out before they look: control and format characters, and spaces.
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
# They move what stands behind them to another cell, or another line.
MOVING = ("\t", "\r", "\n")
# Behind these a cell begins, for spreadsheets that take a semicolon for the end of one, as they do in many
# countries: they do not see our quotes, and so take the end of a line for that of a row.
BEGINNINGS = re.compile(r"([;\t\r\n])")
APOSTROPHE = "'"


def guarded(text: str) -> str:
    """Return the text as one of which no spreadsheet takes any part for a formula: with an apostrophe before
    each that it would.
    """
    moves = text.lstrip(f" {APOSTROPHE}").startswith(MOVING)
    return APOSTROPHE * moves + "".join(map(_guarded, BEGINNINGS.split(text)))


def unguarded(cell: str) -> str:
    """Return what stood in a cell before it was guarded, without spaces around it."""
    text = cell.strip(" ")
    if text.lstrip(f" {APOSTROPHE}").startswith(MOVING):
        text = text.removeprefix(APOSTROPHE)
    return "".join(map(_unguarded, BEGINNINGS.split(text)))


def _guarded(part: str) -> str:
    return f"{APOSTROPHE}{part}" if _is_formula(part) else part


def _unguarded(part: str) -> str:
    return part.removeprefix(APOSTROPHE) if _is_formula(part) else part


def _is_formula(part: str) -> bool:
    """Tell whether a spreadsheet would take it for one, were it not for apostrophes before it."""
    narrow = (sign for wide in part.lstrip(APOSTROPHE) for sign in normalize("NFKC", wide))
    return next((sign for sign in narrow if category(sign) not in UNSEEN), "") in FORMULAS
