"""What a page may say of a span of time: a number that is known, one that is known in part, or none at all.

Rules kept here: a stretch is time between two knots whose spread nobody saw, and that lasts over six
hours or would take more than 500 rows of quarters. A span that holds whole stretches has their exact sum,
"at least" over tails and moved boundaries. Of one that it cuts nothing is certain, all of it may fall
into the span. Where nothing was seen there is no number, never a zero.
"""

from dataclasses import dataclass

from tests.usage.reference.answers import HOUR, MINUTE
from tests.usage.reference.lines import CORRECTION, HOLE, MEASURED, MOVED, NOT_SEEN, TAIL, TOTAL, Line

QUARTER = 15 * MINUTE
MOST_ROWS = 500


@dataclass(frozen=True)
class Claim:
    """`certain` was used in the span (None: not known), and up to `more` of what was used about its edges."""

    certain: int | None
    more: int = 0
    at_least: bool = False


def is_stretch(line: Line, start: int, end: int, quality: str) -> bool:
    quarters = -(-end // QUARTER) - start // QUARTER
    long = end - start > 6 * HOUR or quarters * len(line.series()) > MOST_ROWS
    return long and quality not in {MEASURED, CORRECTION}


def claim(line: Line, since: int, until: int) -> Claim:
    qualities = set(line.qualities(since, until))
    if qualities <= {HOLE, NOT_SEEN}:
        return Claim(None)
    certain = line.total(since, until)
    more = 0
    for start, end, quality in line.stretches():
        cut = start < since < end or start < until < end
        if cut and is_stretch(line, start, end, quality):
            certain -= line.total(max(start, since), min(end, until))
            more += int(line.value(TOTAL, end) - line.value(TOTAL, start))
    return Claim(certain, more, at_least=bool(qualities & {TAIL, MOVED, HOLE, NOT_SEEN}))
