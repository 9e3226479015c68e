"""How bars look by how they were seen, and the legend that says so. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from usage.explore.sheet.marks import Mark
from usage.explore.sheet.tables import Row, Sheet


class Look(StrEnum):
    """What a bar looks like; `chart.css` has a swatch of each."""

    PLAIN = "plain"
    LIGHTER = "lighter"
    OUTLINED = "outlined"
    SLASHED = "slashed"
    DOTTED = "dotted"
    HATCHED = "hatched"


LOOKS = {
    Mark.BEFORE_WATCHING: Look.OUTLINED,
    Mark.INTERPOLATED: Look.LIGHTER,
    Mark.PROVISIONAL: Look.SLASHED,
    Mark.TOLD: Look.DOTTED,
}

# All but colours, which are the theme's.
MARKERS: dict[Look, dict[str, Any]] = {
    Look.PLAIN: {"line": {"width": 0}},
    Look.LIGHTER: {"line": {"width": 0}, "opacity": 0.5},
    Look.OUTLINED: {"line": {"width": 1.5}},
    Look.SLASHED: {
        "line": {"width": 0},
        "pattern": {"shape": "/", "fillmode": "overlay", "fgopacity": 0.8, "size": 5, "solidity": 0.4},
    },
    Look.DOTTED: {
        "line": {"width": 0},
        "pattern": {"shape": ".", "fillmode": "overlay", "fgopacity": 0.7, "size": 6, "solidity": 0.2},
    },
    Look.HATCHED: {
        "line": {"width": 0},
        "pattern": {"shape": "/", "fillmode": "overlay", "fgopacity": 1, "size": 6, "solidity": 0.18},
    },
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the legend of quality, with the looks that it stands for."""

    name: str
    looks: tuple[Look, ...]


def kinds(sheet: Sheet, *, is_own: bool = False) -> tuple[Kind, ...]:
    """The legend of what occurs in a chart; nothing where all of it was measured. With `is_own` it shows what
    raxdash itself ran, which no provider's counter measured.
    """
    looks = set(_looks(sheet))
    told = [
        Kind("run in raxdash" if is_own else "measured", (Look.PLAIN,)),
        Kind("imported", (Look.DOTTED,)),
        Kind("spread unknown", (Look.LIGHTER, Look.OUTLINED)),
        Kind("not seen", (Look.HATCHED,)),
        Kind("in progress", (Look.SLASHED,)),
    ]
    occurring = [Kind(kind.name, tuple(look for look in kind.looks if look in looks)) for kind in told]
    found = tuple(kind for kind in occurring if kind.looks)
    return () if looks <= {Look.PLAIN} else found


def look_of(row: Row) -> Look:
    """What a bucket's bars look like."""
    return LOOKS.get(row.mark) or LOOKS.get(row.spread, Look.PLAIN)


def _looks(sheet: Sheet) -> Iterator[Look]:
    if any(block.sum for block in sheet.blocks):
        yield Look.OUTLINED
    for row in sheet.rows:
        if row.mark == Mark.TO_COME:
            continue
        if row.unseen:
            yield Look.HATCHED
        if any(amount.drawn for amount in row.amounts):
            yield look_of(row)
