"""Texts that others chose, as cells of spreadsheets: none of them is a formula."""

from unicodedata import category, normalize

# What a spreadsheet takes for a formula begins with one of these, also where it is as wide as a Chinese sign.
FORMULAS = {"=", "+", "-", "@"}
# Signs that spreadsheets may leave out before they look: control and format characters, and spaces.
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
# They move what stands behind them to another cell, or another line.
MOVING = ("\t", "\r", "\n")


def guarded(text: str) -> str:
    """Return the text as one that no spreadsheet takes for a formula: with an apostrophe where one would."""
    seen = next((sign for sign in normalize("NFKC", text) if category(sign) not in UNSEEN), "")
    return f"'{text}" if seen in FORMULAS or text.startswith(MOVING) else text


def guarded_name(name: str) -> str:
    """Return a name the same way, also for spreadsheets that take a semicolon for the end of a cell, as they
    do in many countries. In longer texts, programs say, what follows one is left alone.
    """
    return ";".join(map(guarded, name.split(";")))


def unguarded(cell: str) -> str:
    """Return what stood in a cell before it was guarded, without spaces around it."""
    return ";".join(map(_unguarded, cell.strip(" ").split(";")))


def _unguarded(text: str) -> str:
    if not text.startswith("'"):
        return text
    rest = text.removeprefix("'")
    return rest if guarded(rest) != rest else text
