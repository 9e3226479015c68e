"""How the areas of a sum that grows were seen, told by what lies over them, as bars tell it. Pure."""

from collections.abc import Iterator
from typing import Any

from usage.explore.figure.burn import Burn
from usage.explore.figure.charts import line
from usage.explore.figure.hover import begun
from usage.explore.figure.quality import Look, look_of
from usage.explore.sheet.tables import Sheet

# Over an area a paler one is a veil of the page's ground; plotly.js draws bars below it.
PATTERN = {"shape": "/", "size": 6, "solidity": 0.4}
VEILS: dict[Look, dict[str, Any]] = {Look.LIGHTER: {}, Look.SLASHED: {"fillpattern": PATTERN}}


def veils(sheet: Sheet, burn: Burn, until: float) -> Iterator[dict[str, Any]]:
    """What lies over buckets whose spread nobody saw, and over the one in progress, which ends at `until`."""
    looks = [look_of(row) for row in begun(sheet)]
    for look, worn in VEILS.items():
        places = [place for place, each in enumerate(looks) if each == look]
        if not places:
            continue
        corners = [_corners(burn, place, min(place + 0.5, until)) for place in places]
        across = [x for each in corners for x, _ in (*each, (None, None))][:-1]
        up = [y for each in corners for _, y in (*each, (None, None))][:-1]
        yield {**line(f"veil-{look}", across, up), "fill": "toself", "line": {"width": 0}, **worn}


def _corners(burn: Burn, place: int, end: float) -> list[tuple[float, int]]:
    """The part of all areas together that lies in one bucket."""
    before = max(burn.before(-1, place), 0) if burn.stacks else 0
    return [(place - 0.5, 0), (place - 0.5, before), (end, max(burn.totals[place].certain, 0)), (end, 0)]


def steps(sheet: Sheet, burn: Burn) -> Iterator[dict[str, Any]]:
    """Frames over time whose spread nobody saw, from what was used before it to what was used with it."""
    for block in sheet.blocks:
        if not block.sum or block.is_cut or block.last >= len(burn.totals):
            continue
        after = burn.totals[block.last].certain
        yield {
            "name": "stretch",
            "type": "rect",
            "x0": block.first - 0.5,
            "x1": block.last + 0.5,
            "y0": after - block.sum,
            "y1": after,
            "layer": "below",
            "line": {"width": 1.5},
        }
