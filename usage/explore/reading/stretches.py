"""Stretches beside buckets: one that is longer than a bucket is a block by itself, others count in buckets.

Nobody saw how a stretch is spread. So nothing of a block is put into the buckets that it covers; of one that
reaches beyond what is shown nothing is certain there, and all of it may fall inside. A short one that crosses
the edge of a bucket is parted along a straight line, like any time between two polls.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple

from usage.explore.reading.coverage import Ramp
from usage.ledger import METRICS, Quality

# Polls stand close around time of these qualities; as plain text, of which there may be thousands to look up.
SEEN = {Quality.MEASURED.value, Quality.CORRECTED.value}

# The first and last bucket that a block covers, its quality, and whether it is cut.
type Place = tuple[int, int, str, bool]

# A page shows no more blocks than this by themselves.
MOST_BLOCKS = 40


class Piece(NamedTuple):
    """A stretch as it is read for a page, without the cost of a model's instance: {metric: {name: amount}}.
    Of one that `is_part` some of its time is not asked for: all or nothing of it may be meant.
    """

    meter_id: int
    start: int
    end: int
    quality: str
    amounts: Mapping[str, Mapping[Any, int]]
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What was used in all of [start, end), microseconds, by name: of one stretch, or of a `count` of them
    that cover the same buckets, number `first` to `last`. One that `is_cut` reaches beyond the first or
    last bucket. `apart` is their sum where names overlap.
    """

    first: int
    last: int
    start: int
    end: int
    quality: Quality
    is_cut: bool
    amounts: Mapping[Any, int]
    count: int = 1
    apart: int | None = None

    @property
    def total(self) -> int:
        """What was used in it, counted once."""
        return sum(self.amounts.values()) if self.apart is None else self.apart

    def joined(self, other: "Block") -> "Block":
        """Both as one."""
        names = (*self.amounts, *other.amounts)
        return replace(
            self,
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            start=min(self.start, other.start),
            end=max(self.end, other.end),
            amounts={name: self.amounts.get(name, 0) + other.amounts.get(name, 0) for name in names},
            count=self.count + other.count,
        )


class Spans:
    """How much of any bucket lies in some spans of time, all of them together, in a few steps."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        """Count the time of [start, end)."""
        self._starts.append(start)
        self._ends.append(end)

    def within(self, edges: Sequence[int]) -> list[int]:
        """The time in each bucket between two edges, in microseconds."""
        starts, ends = Ramp(Counter(self._starts)), Ramp(Counter(self._ends))
        passed = [starts.at(edge) - ends.at(edge) for edge in edges]
        return [after - before for before, after in pairwise(passed)]


@dataclass(slots=True)
class Gathered:
    """What many stretches that are shown as one block used, added up as they come: there may be thousands."""

    start: int
    end: int
    amounts: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def add(self, start: int, end: int, amounts: Mapping[str, int]) -> None:
        """Add one stretch."""
        self.start, self.end = min(self.start, start), max(self.end, end)
        self.count += 1
        sums = self.amounts
        for name, amount in amounts.items():
            sums[name] = sums.get(name, 0) + amount


@dataclass(slots=True)
class Laid:
    """Stretches laid over buckets: what counts in a bucket by (its number, name), the blocks, and the time
    that those cover.
    """

    edges: Sequence[int]
    inside: Counter[tuple[int, str]] = field(default_factory=Counter)
    gathered: dict[Place, Gathered] = field(default_factory=dict)
    covered: Spans = field(default_factory=Spans)

    def add(self, start: int, end: int, quality: Quality, amounts: Mapping[str, int]) -> None:
        """Lay one stretch with what was used in it."""
        self.put(place_of(self.edges, start, end, quality.value), start, end, amounts)

    def put(self, place: Place, start: int, end: int, amounts: Mapping[str, int]) -> None:
        """Lay one stretch that has its place already."""
        first, last, quality, is_cut = place
        if not is_cut and (quality in SEEN or end - start <= self._longest(first, last)):
            self._part(start, end, amounts, range(first, last + 1))
        else:
            gathered = self.gathered.get(place)
            if gathered is None:
                gathered = self.gathered[place] = Gathered(start, end)
            gathered.add(start, end, amounts)
            self.covered.add(start, end)

    def _longest(self, first: int, last: int) -> int:
        """The length of the longest bucket from one to another."""
        edges, middle = self.edges, (first + last) // 2
        return max(
            edges[first + 1] - edges[first], edges[middle + 1] - edges[middle], edges[last + 1] - edges[last]
        )

    def _part(self, start: int, end: int, amounts: Mapping[str, int], places: Iterable[int]) -> None:
        """Put a straight line into buckets, in integers that add up."""
        for place in places:
            since = max(start, self.edges[place]) - start
            until = min(end, self.edges[place + 1]) - start
            for name, amount in amounts.items():
                part = amount * until // (end - start) - amount * since // (end - start)
                self.inside[place, name] += part

    @property
    def blocks(self) -> list[Block]:
        """What is longer than a bucket, those as one that cover the same buckets."""
        return [
            Block(first, last, each.start, each.end, Quality(quality), is_cut, each.amounts, each.count)
            for (first, last, quality, is_cut), each in self.gathered.items()
        ]

    @property
    def certain(self) -> int:
        """The sum of all that was used between the edges for certain."""
        return self.inside.total() + sum(block.total for block in self.blocks if not block.is_cut)

    @property
    def more(self) -> int:
        """What may have been used between the edges beside it."""
        return sum(block.total for block in self.blocks if block.is_cut)

    def joined(self) -> tuple[Block, ...]:
        """The blocks, and where there are many, the smallest ones of a kind as one."""
        ordered = sorted(self.blocks, key=lambda block: (-abs(block.total), block.start, block.end))
        rest: dict[tuple[Quality, bool], Block] = {}
        for block in ordered[MOST_BLOCKS:]:
            kind = block.quality, block.is_cut
            rest[kind] = rest[kind].joined(block) if kind in rest else block
        shown = [*ordered[:MOST_BLOCKS], *rest.values()]
        return tuple(sorted(shown, key=lambda block: (block.end, block.start)))


def place_of(edges: Sequence[int], start: int, end: int, quality: str) -> Place:
    """Where a stretch lies among the buckets between edges."""
    last_bucket = len(edges) - 2
    first, last = bisect_right(edges, start) - 1, bisect_left(edges, end) - 1
    is_cut = (first < 0 or last > last_bucket) and quality not in SEEN
    return max(first, 0), min(last, last_bucket), quality, is_cut


def lay(pieces: Iterable[Piece], edges: Sequence[int], metrics: Iterable[str] = METRICS) -> dict[str, Laid]:
    """Lay stretches over the buckets between edges (microseconds, ascending), once for each metric. What used
    nothing is no block.
    """
    laid = {metric: Laid(edges) for metric in metrics}
    for _, start, end, quality, amounts, is_part in pieces:
        place = place_of(edges, start, end, quality)
        if is_part:
            place = (*place[:3], True)
        for metric, used in amounts.items():
            if metric in laid and any(used.values()):
                laid[metric].put(place, start, end, used)
    return laid


def watched(stretches: Iterable[Piece], edges: Sequence[int]) -> dict[str, list[int]]:
    """How much time of each bucket lies in stretches, {quality: microseconds by bucket}."""
    spans: dict[str, Spans] = {}
    for stretch in stretches:
        spans.setdefault(stretch.quality, Spans()).add(stretch.start, stretch.end)
    return {quality: found.within(edges) for quality, found in spans.items()}
