"""What was spent, in whole coins: each key and model is rounded once, then added; so columns add up."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from usage.explore.query.dimensions import SeriesId
from usage.explore.reading.amounts import Traces
from usage.explore.reading.scope.series import REST
from usage.explore.reading.spending.spent import Line, Spending
from usage.explore.reading.sums.stretches import Block
from usage.prices.coins import below, coins, coins_of_finest, finest, shares
from usage.prices.pricing import Estimate, estimate


@dataclass(frozen=True)
class InCoins:
    """A spending of `count` buckets. Of its series the `most` largest stand by themselves, all where that is
    None.
    """

    spending: Spending
    count: int
    most: int | None = None

    @cached_property
    def priced(self) -> Estimate:
        """What each line cost, and what has no price."""
        return estimate(self.spending.tariff.table, self.spending.used, self._places)

    @property
    def _places(self) -> int:
        return self.spending.tariff.unit.places

    @cached_property
    def total(self) -> int:
        """What all lines cost."""
        return sum(coins(amount, self._places) for amount in self.priced.lines.values())

    @cached_property
    def sums(self) -> Counter[SeriesId]:
        """What each series cost."""
        found = Counter[SeriesId]()
        for (line, _), amount in self.priced.lines.items():
            for series in self.spending.series_of(line):
                found[series] += coins(amount, self._places)
        return found

    @property
    def more(self) -> int:
        """What all of it may have cost beside that."""
        return sum(sum(self._at_most(block).values()) for block in self._blocks if block.is_cut)

    @cached_property
    def cut(self) -> Counter[SeriesId]:
        """What each series may have cost beside its sum."""
        found = Counter[SeriesId]()
        for block in self._blocks:
            if block.is_cut:
                found.update(self._by_series(self._at_most(block)))
        return found

    @cached_property
    def named(self) -> frozenset[SeriesId]:
        """The series that stand by themselves."""
        ordered = sorted(self._series, key=lambda one: (-abs(self.sums[one]) - abs(self.cut[one]), one))
        return frozenset(ordered[: self.most])

    @property
    def _series(self) -> set[SeriesId]:
        return self.sums.keys() | self.cut.keys()

    @cached_property
    def _blocks(self) -> tuple[Block, ...]:
        return self.spending.laid.joined()

    @cached_property
    def _whole(self) -> list[Block]:
        return [block for block in self._blocks if not block.is_cut]

    @property
    def amounts(self) -> dict[SeriesId, tuple[int, ...]]:
        """What each series that stands by itself cost in each bucket, and what all others did."""
        found = {series: tuple(parts[: self.count]) for series, parts in self._shares.items()}
        return {
            series: parts for series, parts in found.items() if any(parts) or series in self._traces_by_time
        }

    def traces(self, *, by_time: bool) -> Traces:
        """What of it is something, and no coin; by time too, where it was read so."""
        of, total = Counter[SeriesId](), 0
        # As a rule there is none: then nothing is added up.
        for (line, _), amount in self.priced.exact.items() if 0 in self.sums.values() else ():
            cost = finest(amount)
            total += cost
            of.update({series: cost for series in self.spending.series_of(line) if not self.sums[series]})
        return Traces(
            0 if self.total else below(total, self._places),
            {one: below(cost, self._places) for one, cost in of.items() if cost},
            self._traces_by_time if by_time else {},
        )

    @cached_property
    def _traces_by_time(self) -> dict[SeriesId, dict[int, int]]:
        found: dict[SeriesId, dict[int, int]] = {}
        for series, parts in self._parts.items():
            pairs = enumerate(zip(parts[: self.count], self._shares[series], strict=False))
            some = {place: below(part, self._places) for place, (part, share) in pairs if part and not share}
            found |= {series: some} if some else {}
        return found

    @property
    def used(self) -> tuple[int, ...]:
        """The same of all together, each line once."""
        return tuple(self._once[: self.count])

    @property
    def blocks(self) -> Iterator[Block]:
        """What lies in longer stretches: shares of the sums too, or at most so much."""
        places = iter(range(self.count, self.count + len(self._whole)))
        for block in self._blocks:
            if block.is_cut:
                yield replace(block, amounts=self._folded(block), apart=sum(self._at_most(block).values()))
                continue
            place = next(places)
            shown = {series: parts[place] for series, parts in self._shares.items() if parts[place]}
            yield replace(block, amounts=shown, apart=self._once[place])

    @cached_property
    def _once(self) -> list[int]:
        """What all together cost in buckets, then in blocks that are not cut."""
        if self.spending.asked.overlaps:
            parts = self._placed(self.spending.once, [block.total for block in self._whole])
            return shares(self.total, parts, self._places)
        columns = [*self._shares.values(), [0] * (self.count + len(self._whole))]
        return list(map(sum, zip(*columns, strict=True)))

    @cached_property
    def _shares(self) -> dict[SeriesId, list[int]]:
        """By series: its shares in buckets, then in blocks that are not cut."""
        others = sum(self.sums[one] for one in self._series - self.named)
        wholes = {one: others if one == REST else self.sums[one] for one in self._parts}
        return {one: shares(wholes[one], parts, self._places) for one, parts in self._parts.items()}

    @cached_property
    def _parts(self) -> dict[SeriesId, list[int]]:
        """The same, in the finest place."""
        costs = [self._by_series(block.amounts) for block in self._whole]
        found = {
            one: self._placed(self.spending.placed[one], [each[one] for each in costs])
            for one in sorted(self.named)
        }
        if self._series - self.named:
            rest = Counter(self.spending.each)
            for one in self.named:
                rest.subtract(self.spending.placed[one])
            beside = [sum(each[one] for one in each.keys() - self.named) for each in costs]
            found[REST] = self._placed(rest, beside)
        return found

    def _placed(self, placed: Counter[int], blocks: Sequence[int]) -> list[int]:
        return [*(placed[place] for place in range(self.count)), *blocks]

    def _by_series(self, costs: Mapping[Line, int]) -> Counter[SeriesId]:
        """What lines cost, by series."""
        found = Counter[SeriesId]()
        for line, cost in costs.items():
            for series in self.spending.series_of(line):
                found[series] += cost
        return found

    def _at_most(self, block: Block) -> dict[Line, int]:
        """What a block that is cut may have cost in coins, by line."""
        return {line: coins_of_finest(cost, self._places) for line, cost in block.amounts.items()}

    def _folded(self, block: Block) -> dict[SeriesId, int]:
        costs = Counter[SeriesId]()
        for series, cost in self._by_series(self._at_most(block)).items():
            costs[series if series in self.named else REST] += cost
        return dict(costs)
