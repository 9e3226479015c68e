"""What all that is asked for cost: as providers tell it, else by the team's own prices; or nothing at all.

Money of several currencies is never added: what most keys tell is shown, and of the others it is said so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from common.together import Reading, ask
from teams.models import Team
from usage.claims import Amount
from usage.explore.query.dimensions import Dimension
from usage.explore.reading.asked import Asked
from usage.explore.reading.numbers import Numbers
from usage.explore.reading.spent import Spending
from usage.ledger import COST
from usage.models import Facts, Series
from usage.prices.money import USUAL, money, places_of
from usage.prices.pricing import estimate
from usage.prices.tables import Prices
from usage.prices.words import without_words

# Providers' costs are counted in millionths.
MILLIONTHS = -6
UNREADABLE = "?"


@dataclass(frozen=True, slots=True)
class Told:
    """Which meters tell a cost, {metric: their ids}; a metric names a currency."""

    meters: dict[str, frozenset[int]]

    @classmethod
    def of(cls, team: Team, facts: Facts) -> Reading[Self]:
        """What a team's providers tell. One step, none where they tell no cost."""
        found: dict[str, set[int]] = {}
        if facts.costing:
            rows = Series.objects.filter(meter__team=team, meter__merged_into=None, metric__startswith=COST)
            for metric, meter_id in (yield from ask(rows.values_list("metric", "meter_id"))):
                if metric.partition(":")[0] == COST:
                    found.setdefault(metric, set()).add(meter_id)
        return cls({metric: frozenset(meters) for metric, meters in found.items()})

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that is told."""
        return tuple(sorted(self.meters)) or (COST,)

    def within(self, meters: frozenset[int] | None) -> Counter[str]:
        """How many of some meters tell each metric; of all where None is given."""
        counts = {
            metric: len(found if meters is None else found & meters) for metric, found in self.meters.items()
        }
        return Counter({metric: count for metric, count in counts.items() if count})


@dataclass(frozen=True, slots=True)
class Cost:
    """What something cost, in one currency. It `is_least` where not all is in it; what there is to be said
    beside it stands in `notes`, as clauses. `has_unpriced` says that some model has no price.
    """

    amount: Decimal
    currency: str
    is_estimate: bool
    is_least: bool = False
    notes: tuple[str, ...] = ()
    has_unpriced: bool = False

    @property
    def label(self) -> str:
        """Its heading."""
        return "Cost, estimated" if self.is_estimate else "Cost"

    @property
    def words(self) -> str:
        """`≈ 188.28 EUR`, `1.20 USD`."""
        about = "\N{ALMOST EQUAL TO} " if self.is_estimate else ""
        return f"{about}{money(self.amount, self.currency)}"

    @property
    def note(self) -> str:
        """All that is said beside it, in one sentence without a full stop."""
        return "; ".join(self.notes)


@dataclass(frozen=True, slots=True)
class Costing:
    """How the cost of a question is found: by what is `told`, and what is known of the team's meters."""

    asked: Asked
    told: Told
    facts: Facts
    prices: Prices | None = None

    def cost(self, numbers: Numbers, tokens: Amount) -> Reading[Cost | None]:
        """What its `numbers` cost, of which `tokens` are known; None where nothing is known of that. One
        step.
        """
        if tokens.is_unknown:
            return None
        cost = self._told(numbers, tokens) if self._is_for_providers else None
        return cost or (yield from self._estimated(numbers, tokens))

    @property
    def _is_for_providers(self) -> bool:
        """Tell whether a provider's cost is an answer: it knows no models and no members."""
        return not self.asked.is_own and not any(
            one.dimension == Dimension.MODEL for one in self.asked.filters
        )

    def _told(self, numbers: Numbers, tokens: Amount) -> Cost | None:
        counts = self.told.within(numbers.meters)
        readable = [metric for metric in counts if currency_of(metric) != UNREADABLE]
        if not readable:
            return None
        metric = min(readable, key=lambda each: (-counts[each], each))
        meters = self.facts.told if numbers.meters is None else len(numbers.meters)
        is_part = counts[metric] < meters
        notes = (
            "as the provider tells it" + (", not by your prices" if self.facts.priced else ""),
            f"told of {counts[metric]} of {meters} keys" if is_part else "",
            _without(sorted(currency_of(each) for each in counts if each != metric)),
        )
        return Cost(
            Decimal(numbers.totals[metric]).scaleb(MILLIONTHS),
            currency_of(metric),
            is_estimate=False,
            is_least=is_part or not tokens.is_known or numbers.more[metric] > 0,
            notes=tuple(filter(None, notes)),
        )

    def _estimated(self, numbers: Numbers, tokens: Amount) -> Reading[Cost | None]:
        prices = self.prices
        if prices is None:
            return None
        used = yield from Spending.of(self.asked, self.facts, numbers, prices.table).used()
        found = estimate(prices.table, used, places_of(prices.currency))
        without = without_words(found)
        if without and not found.lines:
            return None
        return Cost(
            found.total,
            prices.currency,
            is_estimate=True,
            is_least=not tokens.is_known,
            notes=(without,) if without else (),
            has_unpriced=bool(without),
        )


def currency_of(metric: str) -> str:
    """The currency of a metric of money."""
    return metric.partition(":")[2] or USUAL


def _without(currencies: Sequence[str]) -> str:
    """Which other currencies are not in an amount; empty where there are none."""
    named = ["a currency that cannot be read" if each == UNREADABLE else each for each in currencies]
    return f"without what is told in {' and in '.join(named)}" if named else ""
