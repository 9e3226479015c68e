"""What a page may say of a span of time: a number that is known, one that is known in part, or none at all.

Rules kept here: a stretch is time between two knots whose spread nobody saw. It lasts over six hours, or
would take too many rows: so many series, the time watched among them, move in so many quarters of an
hour, and each of these, with up to two days beside, is a row of the meter and one of the team. Too many
are over 500, or over six for each series and 130; where nothing was used, over eight quarters. Within one
quarter all is seen. A span that holds whole stretches has their exact sum, "at least" over tails, holes
and moved boundaries. Of one that it cuts nothing is certain and all of it may fall into the span, unless
answers came as closely as was planned. Where nothing was seen there is no number, never a zero, and "at
least nothing" is none either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.usage.reference.answers import HOUR, MINUTE
from tests.usage.reference.lines import (
    CORRECTION,
    HOLE,
    MEASURED,
    MOVED,
    NOT_SEEN,
    TAIL,
    TOTAL,
    UNATTRIBUTED,
    Line,
    Series,
)

QUARTER = 15 * MINUTE
MOST_ROWS = 500
CLOSELY_SEEN = {MEASURED, CORRECTION}
UNSEEN = {TAIL, HOLE, NOT_SEEN}

Lines = Mapping[str, Line]
Stretch = tuple[int, int, str]


@dataclass(frozen=True)
class Claim:
    """`certain` was used in the span (None: not known), and up to `more` of what was used about its edges."""

    certain: int | None
    more: int = 0
    at_least: bool = False

    @property
    def sureness(self) -> str:
        if self.certain is None:
            return "unknown"
        return "at least" if self.at_least or self.more else "known"


def is_stretch(lines: Lines, start: int, end: int) -> bool:
    """Whether nobody saw how what was used between two knots is spread."""
    quarters = -(-end // QUARTER) - start // QUARTER
    if quarters == 1 or end - start > 6 * HOUR:
        return quarters > 1
    used = sum(
        line.value(series, start) != line.value(series, end)
        for line in lines.values()
        for series in {*line.series(), UNATTRIBUTED}
    )
    if not used:
        return quarters > 8
    moved = used + 1
    return 2 * moved * (quarters + min(quarters, 2)) > min(MOST_ROWS, 6 * moved + 130)


def stretches(lines: Lines, metric: str) -> list[Stretch]:
    return [one for one in lines[metric].stretches() if is_stretch(lines, one[0], one[1])]


def cut_by(lines: Lines, metric: str, since: int, until: int) -> list[Stretch]:
    """The stretches that reach over an edge of the span."""
    return [
        (start, end, quality)
        for start, end, quality in stretches(lines, metric)
        if quality not in CLOSELY_SEEN and (start < since < end or start < until < end)
    ]


def claim(lines: Lines, metric: str, since: int, until: int, series: Series = TOTAL) -> Claim:
    line = lines[metric]
    certain, more = used(line, series, since, until), 0
    for start, end, _ in cut_by(lines, metric, since, until):
        certain -= used(line, series, max(start, since), min(end, until))
        more += used(line, series, start, end)
    return claimed(set(line.qualities(since, until)), certain, more)


def blocks(lines: Lines, metric: str, edges: Sequence[int]) -> list[Stretch]:
    """What is told by itself beside the buckets between edges, for it is longer than those or cut."""
    found = cut_by(lines, metric, edges[0], edges[-1])
    for start, end, quality in stretches(lines, metric):
        touched = [b - a for a, b in pairwise(edges) if a < end and start < b]
        if touched and quality not in CLOSELY_SEEN and end - start > max(touched):
            found.append((start, end, quality))
    return [one for one in dict.fromkeys(found) if is_used(lines[metric], *one[:2])]


def is_used(line: Line, start: int, end: int) -> bool:
    return any(line.value(series, start) != line.value(series, end) for series in line.series())


def rows(lines: Lines, metric: str, edges: Sequence[int], until: int) -> list[Claim | None]:
    """What may be said of each bucket by itself; None where all of it comes after `until`.

    What lies in a block may have been used in any bucket that it covers.
    """
    line, beside = lines[metric], blocks(lines, metric, edges)
    found: list[Claim | None] = []
    for a, b in pairwise(edges):
        over = min(b, until)
        inside = [(max(start, a), min(end, over)) for start, end, _ in beside if start < over and a < end]
        certain = line.total(a, over) - sum(line.total(*part) for part in inside)
        qualities = {*line.qualities(a, over), *([MOVED] if inside else [])}
        found.append(claimed(qualities, certain) if a < until else None)
    return found


def claimed(qualities: set[str], certain: int, more: int = 0) -> Claim:
    """What may be said of so much in time that is known so."""
    at_least = bool(qualities & {*UNSEEN, MOVED})
    if not certain and (at_least or more):
        return Claim(None, more)
    return Claim(certain, more, at_least)


def used(line: Line, series: Series, since: int, until: int) -> int:
    return line.total(since, until) if series == TOTAL else line.shown(series, since, until)
