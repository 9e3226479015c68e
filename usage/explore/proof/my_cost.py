"""What somebody's own lines are estimated to cost: each key and model rounded once, and then added."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from usage.claims import Unit
from usage.prices.coins import below, coins, finest, shares
from usage.prices.money import places_of
from usage.prices.pricing import Ran, estimate
from usage.prices.tables import Prices
from usage.prices.words import without_words


@dataclass(frozen=True, slots=True)
class MyCost:
    """Amounts in coins: all of it, and by model, by key and by day; `exact` the same in the finest place, by
    whatever it is of, None all of it. `without` says what is not in it.
    """

    unit: Unit
    models: Counter[Hashable]
    keys: Counter[Hashable]
    days: Counter[Hashable]
    exact: Mapping[Hashable, int]
    without: str = ""

    @property
    def total(self) -> str:
        """`≈ 1.50 EUR`."""
        return self.unit.words(self.models.total(), below(self.exact[None], self.unit.places))

    def number(self, costs: Mapping[Hashable, int], value: Hashable) -> str:
        """What a model, key or day cost, `0.50` or `< 0.01`; a dash for what has no price."""
        if value not in costs:
            return "–"
        return self.unit.number(costs[value], below(self.exact.get(value, 0), self.unit.places))


def my_cost(lines: Iterable[Ran], prices: Prices) -> MyCost | None:
    """Price lines by a team's own prices; None where these price nothing."""
    ran = list(lines)
    unit = Unit(places_of(prices.currency), prices.currency, is_estimate=True)
    found = estimate(prices.table, ran, unit.places)
    by_day: defaultdict[Any, Counter[date]] = defaultdict(Counter)
    exact = Counter[Hashable]()
    for each in ran:
        if rate := prices.table.on(each.model, each.day):
            cost = finest(each.cost(rate))
            by_day[each.key, each.model][each.day] += cost
            exact.update(dict.fromkeys((None, each.key, each.model, each.day), cost))
    models, keys, days = Counter[Hashable](), Counter[Hashable](), Counter[Hashable]()
    for (key, model), amount in found.lines.items():
        whole, parts = coins(amount, unit.places), sorted(by_day[key, model].items())
        models[model] += whole
        keys[key] += whole
        told = shares(whole, [part for _, part in parts], unit.places)
        days.update({day: share for (day, _), share in zip(parts, told, strict=True)})
    return MyCost(unit, models, keys, days, exact, without_words(found)) if found.lines else None
