"""A line of some pixels that shows how an amount went, as the path of an SVG."""

from collections.abc import Sequence
from itertools import batched

WIDTH, HEIGHT = 88, 20
# Room for half of the line's own width.
EDGE = 1
MOST_POINTS = 60


def spark_path(values: Sequence[int | None]) -> str:
    """The path of amounts, from zero or the smallest to the largest; a gap where one is not known. Empty
    where there is no line: of fewer than two amounts.
    """
    points = _joined(values)
    known = [value for value in points if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(0, *known), max(0, *known)
    step, size = WIDTH / (len(points) - 1), (HEIGHT - 2 * EDGE) / ((high - low) or 1)
    path, pen = [], "M"
    for place, value in enumerate(points):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{place * step:.1f} {HEIGHT - EDGE - (value - low) * size:.1f}")
        pen = "L"
    return " ".join(path)


def _joined(values: Sequence[int | None]) -> list[int | None]:
    """So many sums of neighbours as can be told apart."""
    width = -(-len(values) // MOST_POINTS) or 1
    found: list[int | None] = []
    for part in batched(values, width, strict=False):
        known = [value for value in part if value is not None]
        # The last part may be a short one: as high as if it went on so.
        found.append(sum(known) * width // len(known) if known else None)
    return found
