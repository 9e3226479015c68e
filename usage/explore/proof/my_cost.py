"""What somebody's own lines are estimated to cost: each key and model rounded once, and then added."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from usage.claims import Unit
from usage.prices.coins import coins, finest, shares
from usage.prices.money import places_of
from usage.prices.pricing import Ran, estimate
from usage.prices.tables import Prices
from usage.prices.words import without_words


@dataclass(frozen=True, slots=True)
class MyCost:
    """Amounts in coins: all of it, and by model, by key and by day; `without` says what is not in it."""

    unit: Unit
    models: Counter[Hashable]
    keys: Counter[Hashable]
    days: Counter[Hashable]
    without: str = ""

    @property
    def total(self) -> str:
        """`≈ 1.50 EUR`."""
        return self.unit.words(self.models.total())


def my_cost(lines: Iterable[Ran], prices: Prices) -> MyCost | None:
    """Price lines by a team's own prices; None where these price nothing."""
    ran = list(lines)
    unit = Unit(places_of(prices.currency), prices.currency, is_estimate=True)
    found = estimate(prices.table, ran, unit.places)
    by_day: defaultdict[Any, Counter[date]] = defaultdict(Counter)
    for each in ran:
        if rate := prices.table.on(each.model, each.day):
            by_day[each.key, each.model][each.day] += finest(each.cost(rate))
    models, keys, days = Counter[Hashable](), Counter[Hashable](), Counter[Hashable]()
    for (key, model), amount in found.lines.items():
        whole, parts = coins(amount, unit.places), sorted(by_day[key, model].items())
        models[model] += whole
        keys[key] += whole
        told = shares(whole, [part for _, part in parts], unit.places)
        days.update({day: share for (day, _), share in zip(parts, told, strict=True)})
    return MyCost(unit, models, keys, days, without_words(found)) if found.lines else None
