"""The cumulative usage of one metric: knots with a straight line between them, for every series at once.

Rules kept here: F is a straight line between knots; a knot that was put stays where it is, and only the
last one may still rise; each stretch between two knots has one quality; the total is the sum of the
series, of which one is what no model was told for; what a chart shows of a bucket is the difference of
two floors, series by series, so that buckets always add up.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import NamedTuple

MEASURED = "measured"
INTERPOLATED = "interpolated"
BEFORE_WATCHING = "before_watching"
CORRECTION = "corrected"
TAIL = "tail_unknown"
HOLE = "unknown"
MOVED = "boundary_moved"
NOT_SEEN = "not seen"  # outside of all knots


class Series(NamedTuple):
    """A line of a metric; `name` is that of a model."""

    kind: str
    name: str = ""


MODEL = "model"
TOTAL = Series("total")
OTHER_MODELS = Series("other models")
UNATTRIBUTED = Series("unattributed")
Amounts = Mapping[Series, int | Fraction]


def model(name: str) -> Series:
    return Series(MODEL, name)


@dataclass(frozen=True)
class Knot:
    """F of every series at an instant, and how the stretch that ends here is known."""

    at: int
    amounts: Amounts
    quality: str

    def of(self, series: Series) -> Fraction:
        if series == TOTAL:
            return Fraction(sum(self.amounts.values()))
        return Fraction(self.amounts.get(series, 0))


@dataclass
class Line:
    """The knots of one metric in order of time."""

    knots: list[Knot] = field(default_factory=list)

    @property
    def last(self) -> Knot:
        return self.knots[-1]

    def copy(self) -> "Line":
        return Line(list(self.knots))

    def put(self, at: int, amounts: Amounts, quality: str) -> None:
        """A knot at `at`; where the line has come further already, its last knot takes the amounts."""
        if self.knots and at <= self.last.at:
            self.knots[-1] = Knot(self.last.at, amounts, self.last.quality)
        else:
            self.knots.append(Knot(at, amounts, quality))

    def flat_until(self, at: int, quality: str) -> None:
        if at > self.last.at:
            self.put(at, self.last.amounts, quality)

    def at_or_before(self, at: int) -> int:
        """The place of the last knot that stands at or before an instant, -1 where there is none."""
        return bisect_right(self.knots, at, key=lambda knot: knot.at) - 1

    def value(self, series: Series, at: int) -> Fraction:
        """F of a series: nothing before the first knot, standing still after the last."""
        place = self.at_or_before(at)
        if place < 0:
            return Fraction(0)
        before = self.knots[place]
        if before.at == at or place + 1 == len(self.knots):
            return before.of(series)
        after = self.knots[place + 1]
        if series != TOTAL and before.amounts.get(series, 0) == after.amounts.get(series, 0):
            return before.of(series)
        share = Fraction(at - before.at, after.at - before.at)
        return before.of(series) + share * (after.of(series) - before.of(series))

    def series(self) -> list[Series]:
        """What a chart stacks: models, other models, what no model is told for."""
        return sorted(self.last.amounts)

    def shown(self, series: Series, since: int, until: int) -> int:
        return floor(self.value(series, until)) - floor(self.value(series, since))

    def total(self, since: int, until: int) -> int:
        """The bar of a bucket: the sum of what is stacked in it."""
        return sum(self.shown(series, since, until) for series in self.series())

    def stretches(self) -> list[tuple[int, int, str]]:
        """Every time between two knots with its quality."""
        return [(before.at, after.at, after.quality) for before, after in pairwise(self.knots)]

    def qualities(self, since: int, until: int) -> dict[str, int]:
        """How much of a span is known in which way; the parts sum to its length."""
        parts: dict[str, int] = {}
        for start, end, quality in self.stretches():
            overlap = min(end, until) - max(start, since)
            if overlap > 0:
                parts[quality] = parts.get(quality, 0) + overlap
        if unseen := until - since - sum(parts.values()):
            parts[NOT_SEEN] = unseen
        return parts
