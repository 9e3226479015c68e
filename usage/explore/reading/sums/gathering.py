"""What was used, gathered into buckets by series: rollups, stretches, and what raxdash itself ran."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.reading.scope.series import NONE, OTHERS, REST, Models
from usage.explore.reading.sums.stretches import Block, Laid
from usage.ledger import TOKENS

# So many series are drawn by themselves.
MOST_DRAWN = 8


class Gathering:
    """Amounts of a metric by series and bucket between instants. A row counts in `used` once, whatever its
    series are. Of every metric there is the sum by series, and what may have been used beside it.
    """

    def __init__(
        self, by: Sequence[Dimension], models: Models, instants: Sequence[int], metric: str = TOKENS
    ) -> None:
        self.by, self._models, self._instants = tuple(by), models, instants
        self._place_of_model = self.by.index(Dimension.MODEL) if Dimension.MODEL in self.by else None
        self.count = len(instants) - 1
        self.amounts: dict[SeriesId, list[int]] = defaultdict(lambda: [0] * self.count)
        self.sums_of: dict[str, Counter[SeriesId]] = defaultdict(Counter)
        # What may have been used beside the sums.
        self.cut_of: dict[str, Counter[SeriesId]] = defaultdict(Counter)
        self.sums, self.cut = self.sums_of[metric], self.cut_of[metric]
        self.used = [0] * self.count
        self.estimated = 0

    def place(self, at: int) -> int:
        """The number of the bucket that an instant falls in."""
        return min(max(bisect_right(self._instants, at) - 1, 0), self.count - 1)

    def series(self, group: SeriesId, model: str) -> SeriesId:
        """The series of a group of keys and a model's name."""
        return self.series_of_model(model)(group)

    def series_of_model(self, model: str) -> Callable[[SeriesId], SeriesId]:
        """The series of a model's name, by group: made for each of thousands."""
        place = self._place_of_model
        if place is None:
            return lambda group: group
        own, nothing = (self._models.id_of(model),), ("",) * len(self.by)
        if place == 0:
            return lambda group: own + (group or nothing)[1:]
        return lambda group: (known := group or nothing)[:place] + own + known[place + 1 :]

    def series_of(self, user: Any) -> list[SeriesId]:
        """The series that a user of a stretch counts in: a model, or one with the groups of its key."""
        if isinstance(user, str):
            return [self.series((), user)]
        groups, model = user
        return [self.series(group, model) for group in groups]

    def add(self, series: Iterable[SeriesId], place: int, amount: int) -> None:
        """Count an amount in a bucket, in some series."""
        self.used[place] += amount
        for one in series:
            self.amounts[one][place] += amount
            self.sums[one] += amount

    def lay(self, laid: Laid) -> None:
        """Count what stretches put into buckets, and in the sums what is certain of blocks."""
        for (place, user), amount in laid.inside.items():
            self.add(self.series_of(user), place, amount)
        self._sum_blocks(laid, self.sums, self.cut)

    def sum_up(self, metric: str, laid: Laid) -> None:
        """Count in the sums of another metric what stretches hold."""
        sums = self.sums_of[metric]
        for (_, user), amount in laid.inside.items():
            for series in self.series_of(user):
                sums[series] += amount
        self._sum_blocks(laid, sums, self.cut_of[metric])

    def _sum_blocks(self, laid: Laid, certain: Counter[SeriesId], cut: Counter[SeriesId]) -> None:
        for block in laid.blocks:
            sums = cut if block.is_cut else certain
            for series, amount in self.told(block).items():
                sums[series] += amount

    def told(self, block: Block) -> dict[SeriesId, int]:
        """What was used in a block by series."""
        amounts: Counter[SeriesId] = Counter()
        for user, amount in block.amounts.items():
            for series in self.series_of(user):
                amounts[series] += amount
        return {series: amount for series, amount in amounts.items() if amount}

    def largest(self, most: int) -> set[SeriesId]:
        """The series that are told by time: those that are drawn, then the parts of the largest rows, so that
        these have a trend. Of models, what has none stands beside them.
        """
        series = self.sums.keys() | self.cut.keys()
        beside = {(NONE,), (OTHERS,)} & series if self.by == (Dimension.MODEL,) else set()
        # Of thousands: without a function for each.
        sums, cut = self.sums, self.cut
        places = sorted((-abs(sums.get(one, 0)) - abs(cut.get(one, 0)), one) for one in series - beside)
        ordered = [one for _, one in places]
        if len(self.by) == 1:
            return beside | set(ordered[:most])
        return beside | set(islice(dict.fromkeys([*ordered[:MOST_DRAWN], *self._by_rows(ordered)]), most))

    def _by_rows(self, ordered: Sequence[SeriesId]) -> Iterator[SeriesId]:
        """Series, those of the largest rows first, and of such as are alike that of the first series."""
        rows: dict[str, list[SeriesId]] = defaultdict(list)
        used: Counter[str] = Counter()
        for one in ordered:
            rows[one[0]].append(one)
            used[one[0]] += self.sums.get(one, 0) + self.cut.get(one, 0)
        # Sorting keeps the order of rows that used as much.
        for row in sorted(rows, key=lambda row: -used[row]):
            yield from rows[row]

    def fold(self, chosen: set[SeriesId] | None) -> dict[SeriesId, tuple[int, ...]]:
        """The amounts of what is chosen, and of all others as `REST`."""
        folded: dict[SeriesId, list[int]] = {}
        for series, amounts in self.amounts.items():
            name = series if chosen is None or series in chosen else REST
            sofar = folded.get(name, [0] * self.count)
            folded[name] = [one + other for one, other in zip(sofar, amounts, strict=True)]
        return {series: tuple(amounts) for series, amounts in folded.items() if any(amounts)}

    def fold_blocks(self, blocks: Iterable[Block], chosen: set[SeriesId] | None) -> tuple[Block, ...]:
        """The blocks by series, with what is not chosen as `REST`."""
        return tuple(
            replace(block, amounts=_folded(self.told(block), chosen), apart=block.total) for block in blocks
        )


def _folded(amounts: Mapping[SeriesId, int], chosen: set[SeriesId] | None) -> dict[SeriesId, int]:
    folded: Counter[SeriesId] = Counter()
    for series, amount in amounts.items():
        folded[series if chosen is None or series in chosen else REST] += amount
    return dict(folded)
