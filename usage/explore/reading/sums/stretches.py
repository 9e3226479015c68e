"""Stretches beside buckets: one that is longer than a bucket is a block by itself, others count in buckets.

Nobody saw how a stretch is spread. So nothing of a block is put into the buckets that it covers; of one that
reaches beyond what is shown nothing is certain there, and all of it may fall inside. A short one that crosses
the edge of a bucket is parted along a straight line, like any time between two polls.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple

from usage.explore.reading.sums.coverage import Ramp
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


class Line(NamedTuple):
    """How a stretch counts in buckets: along a straight line of a `length`, from `since` to the end of each
    bucket in turn. Times are microseconds from its start.
    """

    length: int
    since: int
    ends: Sequence[tuple[int, int]]


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
    amounts: dict[Any, int] = field(default_factory=lambda: defaultdict(int))
    count: int = 0

    def add(self, start: int, end: int, amounts: Mapping[Any, int]) -> None:
        """Add one stretch."""
        if start < self.start:
            self.start = start
        if end > self.end:
            self.end = end
        self.count += 1
        sums = self.amounts
        for name, amount in amounts.items():
            sums[name] += amount


@dataclass(slots=True)
class Laid:
    """Stretches laid over buckets: what counts in each bucket by name, the blocks, and the time that those
    cover.
    """

    by_bucket: dict[int, dict[Any, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    gathered: dict[Place, Gathered] = field(default_factory=dict)
    covered: Spans = field(default_factory=Spans)

    def part(self, line: Line, amounts: Mapping[Any, int]) -> None:
        """Put a straight line into buckets, in integers that add up."""
        buckets = [(self.by_bucket[bucket], until) for bucket, until in line.ends]
        for name, amount in amounts.items():
            passed = amount * line.since // line.length
            for bucket, until in buckets:
                reached = amount * until // line.length
                bucket[name] += reached - passed
                passed = reached

    def gather(self, place: Place, start: int, end: int, amounts: Mapping[Any, int]) -> None:
        """Count one stretch in the block of its place."""
        gathered = self.gathered.get(place)
        if gathered is None:
            gathered = self.gathered[place] = Gathered(start, end)
        gathered.add(start, end, amounts)
        self.covered.add(start, end)

    @property
    def inside(self) -> dict[tuple[int, Any], int]:
        """What counts in a bucket, by (its number, name)."""
        return {
            (bucket, name): amount
            for bucket, amounts in self.by_bucket.items()
            for name, amount in amounts.items()
        }

    @property
    def blocks(self) -> list[Block]:
        """What is longer than a bucket, those as one that cover the same buckets."""
        return [
            Block(first, last, each.start, each.end, Quality(quality), is_cut, dict(each.amounts), each.count)
            for (first, last, quality, is_cut), each in self.gathered.items()
        ]

    @property
    def certain(self) -> int:
        """The sum of all that was used between the edges for certain."""
        inside = sum(sum(amounts.values()) for amounts in self.by_bucket.values())
        return inside + sum(block.total for block in self.blocks if not block.is_cut)

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


def line_of(edges: Sequence[int], place: Place, start: int, end: int) -> Line | None:
    """How a stretch counts in buckets; None where it is a block."""
    first, last, quality, is_cut = place
    if is_cut or (quality not in SEEN and end - start > _longest(edges, first, last)):
        return None
    return straight(edges, first, last, start, end)


def straight(edges: Sequence[int], first: int, last: int, start: int, end: int) -> Line:
    """The straight line of what was used from `start` to `end`, in buckets `first` to `last`."""
    ends = [(bucket, min(end, edges[bucket + 1]) - start) for bucket in range(first, last + 1)]
    return Line(end - start, max(start, edges[first]) - start, ends)


def _longest(edges: Sequence[int], first: int, last: int) -> int:
    """The length of the longest bucket from one to another."""
    middle = (first + last) // 2
    return max(
        edges[first + 1] - edges[first], edges[middle + 1] - edges[middle], edges[last + 1] - edges[last]
    )


def lay(pieces: Iterable[Piece], edges: Sequence[int], metrics: Iterable[str] = METRICS) -> dict[str, Laid]:
    """Lay stretches over the buckets between edges (microseconds, ascending), once for each metric. What used
    nothing is no block.
    """
    laid = {metric: Laid() for metric in metrics}
    for _, start, end, quality, amounts, is_part in pieces:
        # Looked up once for all metrics: there may be thousands of stretches.
        place = place_of(edges, start, end, quality)
        if is_part:
            place = (*place[:3], True)
        line = line_of(edges, place, start, end)
        for metric, used in amounts.items():
            if metric not in laid or not any(used.values()):
                continue
            if line is None:
                laid[metric].gather(place, start, end, used)
            else:
                laid[metric].part(line, used)
    return laid


def watched(stretches: Iterable[Piece], edges: Sequence[int]) -> dict[str, list[int]]:
    """How much time of each bucket lies in stretches, {quality: microseconds by bucket}."""
    spans: dict[str, Spans] = defaultdict(Spans)
    for _, start, end, quality, _, _ in stretches:
        spans[quality].add(start, end)
    return {quality: found.within(edges) for quality, found in spans.items()}
