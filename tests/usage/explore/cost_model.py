"""What usage costs, once more, as plain as can be: from what was told on each day, in exact decimals.

It asks nothing of `usage.prices` and nothing of the readings. What a key used of a model is rounded once, and
then added; that is all there is to a column that adds up.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import NamedTuple

CENT = Decimal("0.01")


class Told(NamedTuple):
    """So many tokens of a model, with a key, on a day."""

    key: str
    model: str
    day: date
    tokens: int


@dataclass
class CostModel:
    """What was used, and prices by model: {from which day on: so much for a million, None for no price}."""

    used: list[Told] = field(default_factory=list)
    prices: Mapping[str, Mapping[date, Decimal | None]] = field(default_factory=dict)

    def price(self, model: str, day: date) -> Decimal | None:
        began = [since for since in self.prices.get(model, {}) if since <= day]
        return self.prices[model][max(began)] if began else None

    def exact(self, told: Iterable[Told]) -> Decimal:
        with localcontext(prec=60):
            paid = (each.tokens * (self.price(each.model, each.day) or Decimal()) for each in told)
            return sum(paid, Decimal()) / 10**6

    def within(self, first: date, last: date, admits: Callable[[Told], bool]) -> Iterator[Told]:
        return (each for each in self.used if first <= each.day <= last and admits(each))

    def by(
        self, group: Callable[[Told], Hashable], first: date, last: date, admits: Callable[[Told], bool]
    ) -> dict[Hashable, Decimal]:
        """What each group cost: its keys and models rounded one by one, then added."""
        lines: defaultdict[tuple[Hashable, str, str], list[Told]] = defaultdict(list)
        for each in self.within(first, last, admits):
            if self.price(each.model, each.day) is not None:
                lines[group(each), each.key, each.model].append(each)
        sums: defaultdict[Hashable, Decimal] = defaultdict(Decimal)
        for (name, _, _), told in lines.items():
            sums[name] += self.exact(told).quantize(CENT, ROUND_HALF_EVEN)
        return dict(sums)

    def total(self, first: date, last: date, admits: Callable[[Told], bool] = lambda _: True) -> Decimal:
        return self.by(lambda _: None, first, last, admits).get(None, Decimal("0.00"))
