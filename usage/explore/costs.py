"""What a question costs: as providers tell it, else by the team's own prices; or nothing at all.

Money of several currencies is never added: what most keys tell is shown, and of the others it is said so.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from common.database.together import Reading, ask, nothing, side_by_side
from teams.models import Team
from usage.claims import IS_ESTIMATE
from usage.explore.query.dimensions import Dimension
from usage.explore.reading.asked import Asked
from usage.explore.reading.numbers import Numbers
from usage.explore.reading.periods.billing import OwnPeriod
from usage.explore.reading.scope.series import OF_KEYS
from usage.ledger import COST
from usage.models import Facts, Series
from usage.prices.money import USUAL
from usage.prices.pricing import Estimate, PriceTable
from usage.prices.tables import Prices, reading_prices
from usage.prices.tariffs import Tariff
from usage.prices.words import without_words

UNREADABLE = "?"
NO_PRICES = Prices(PriceTable(()), USUAL)


@dataclass(frozen=True, slots=True)
class Told:
    """Which meters tell a cost, {metric: their ids}; a metric names a currency."""

    meters: dict[str, frozenset[int]]

    @classmethod
    def of(cls, team: Team, facts: Facts) -> Reading[Self]:
        """What a team's providers tell. One step, none where they tell no cost."""
        rows = Series.objects.filter(meter__team=team, meter__merged_into=None, metric__startswith=COST)
        told = (yield from ask(rows.values_list("metric", "meter_id"))) if facts.costing else ()
        found: dict[str, set[int]] = {}
        for metric, meter_id in told:
            if metric.partition(":")[0] == COST:
                found.setdefault(metric, set()).add(meter_id)
        return cls({metric: frozenset(meters) for metric, meters in found.items()})

    def within(self, meters: frozenset[int] | None) -> Counter[str]:
        """How many of some meters tell each metric; of all where None is given."""
        counts = {
            metric: len(found if meters is None else found & meters) for metric, found in self.meters.items()
        }
        return Counter({metric: count for metric, count in counts.items() if count})

    def tariff(self, meters: frozenset[int] | None, of_all: int) -> Tariff | None:
        """That of the currency which most of some meters tell, of which there are `of_all`."""
        counts = self.within(meters)
        readable = [metric for metric in counts if currency_of(metric) != UNREADABLE]
        if not readable:
            return None
        metric = min(readable, key=lambda each: (-counts[each], each))
        return Tariff.told(metric, currency_of(metric), is_part=counts[metric] < of_all)


@dataclass(frozen=True, slots=True)
class Money:
    """All that is known of a team's money: what its providers tell, and its own prices."""

    told: Told
    prices: Prices

    @classmethod
    def of(cls, team: Team, facts: Facts) -> Reading[Self]:
        """Look it up. One step, none where there is nothing of either."""
        prices = reading_prices(team) if facts.priced else nothing(NO_PRICES)
        told, priced = yield from side_by_side(Told.of(team, facts), prices)
        return cls(told, priced)


@dataclass(frozen=True, slots=True)
class Cost:
    """What there is to be said beside the cost of a question: `notes` as clauses. `has_unpriced` says that
    some model has no price, `has_number` that there is anything else, `is_whole` that it is not known by what
    is grouped. Where it comes to nothing it is less than a `coin`: `0.01 EUR`.
    """

    is_estimate: bool
    notes: tuple[str, ...] = ()
    has_unpriced: bool = False
    has_number: bool = True
    is_whole: bool = False
    coin: str = ""

    @property
    def label(self) -> str:
        """Its heading."""
        return f"Cost{IS_ESTIMATE}" if self.is_estimate else "Cost"

    @property
    def note(self) -> str:
        """All that is said beside it, in one sentence without a full stop."""
        return "; ".join(self.notes)


@dataclass(frozen=True)
class Costing:
    """How the cost of a question is found, by what is known of the team's `money` and meters."""

    asked: Asked
    money: Money
    facts: Facts

    @cached_property
    def whole(self) -> Tariff | None:
        """That of all of it together; None where nobody knows a cost."""
        return self._told or self._estimate

    @cached_property
    def by_series(self) -> Tariff | None:
        """That of what it groups by: by model there is an estimate only."""
        return self._estimate if Dimension.MODEL in self.asked.by else self.whole

    @property
    def told_metric(self) -> str:
        """The metric of the ledger in which providers tell what is drawn; empty where they do not."""
        tariff = self.by_series
        return "" if tariff is None or tariff.is_estimate else tariff.metric

    @property
    def is_for_providers(self) -> bool:
        """Tell whether a provider's cost is an answer: it knows no models and no members."""
        return not self.asked.is_own and not any(
            one.dimension == Dimension.MODEL for one in self.asked.filters
        )

    @cached_property
    def _meters(self) -> frozenset[int] | None:
        # Not before it must: what is known of keys is looked up for all that a page asks at once.
        if not self.money.told.meters or OF_KEYS.isdisjoint(one.dimension for one in self.asked.filters):
            return None
        return self.asked.scope.meter_ids

    @cached_property
    def _counts(self) -> Counter[str]:
        """How many keys tell each metric of money."""
        return self.money.told.within(self._meters)

    @property
    def _of_all(self) -> int:
        """How many keys there are to tell one."""
        return self.facts.told if self._meters is None else len(self._meters)

    @cached_property
    def _told(self) -> Tariff | None:
        return self.money.told.tariff(self._meters, self._of_all) if self.is_for_providers else None

    @cached_property
    def _estimate(self) -> Tariff | None:
        return Tariff.of(self.money.prices) if self._is_priced else None

    @property
    def _is_priced(self) -> bool:
        return bool(self.money.prices.table)

    def cost(self, numbers: Numbers, own: Sequence[OwnPeriod] = ()) -> Cost | None:
        """What is to be said of the cost of some numbers, or of each key's own period; None where they have
        none.
        """
        if own:
            return self._of_periods(own)
        if numbers.priced is None:
            return None
        if not numbers.unit_of(COST).is_estimate:
            is_whole = not numbers.is_by_series(COST)
            return Cost(
                is_estimate=False, notes=tuple(self._of_told()), is_whole=is_whole, coin=coin_of(numbers)
            )
        without = without_words(numbers.priced)
        beside = "by your prices: the provider tells its cost of no model" if self._told else ""
        return Cost(
            is_estimate=True,
            notes=tuple(filter(None, (beside, without))),
            has_unpriced=bool(without),
            has_number=not numbers.is_unpriced,
            coin=coin_of(numbers),
        )

    def _of_periods(self, own: Sequence[OwnPeriod]) -> Cost | None:
        if self.whole is None or not all(COST in period.amounts for period in own):
            return None
        if not self.whole.is_estimate:
            return Cost(is_estimate=False, notes=tuple(self._of_told()))
        unpriced = sorted(set().union(*(period.unpriced for period in own)))
        without = without_words(Estimate({}, without=tuple(unpriced)))
        return Cost(is_estimate=True, notes=tuple(filter(None, (without,))), has_unpriced=bool(without))

    def _of_told(self) -> Iterator[str]:
        told = self._told.metric if self._told else ""
        yield "as the provider tells it" + (", not by your prices" if self._is_priced else "")
        if self._counts[told] < self._of_all:
            yield f"told of {self._counts[told]} of {self._of_all} keys"
        if others := sorted(currency_of(each) for each in self._counts if each != told):
            yield _without(others)


def coin_of(numbers: Numbers) -> str:
    """The first coins that what was used does not reach, where it costs something; else empty."""
    unit, below = numbers.unit_of(COST), numbers.traces.total
    return f"{unit.number(below)} {unit.currency}" if below > 0 and not numbers.more[COST] else ""


def currency_of(metric: str) -> str:
    """The currency of a metric of money."""
    return metric.partition(":")[2] or USUAL


def _without(currencies: Sequence[str]) -> str:
    """Which other currencies are not in an amount."""
    named = ["a currency that cannot be read" if each == UNREADABLE else each for each in currencies]
    return f"without what is told in {' and in '.join(named)}"
