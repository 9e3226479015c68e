"""How what is counted becomes money: by what providers tell, or by the team's own dated prices."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from usage.claims import Unit
from usage.ledger import TOKENS, UNATTRIBUTED
from usage.prices.coins import finest
from usage.prices.money import places_of
from usage.prices.pricing import PriceTable, Rate
from usage.prices.tables import Prices

# What providers tell of cost is counted in millionths, of all models together: a million of them is one.
TOLD = PriceTable([(UNATTRIBUTED, date.min, Rate(Decimal(1)))])


@dataclass(frozen=True, slots=True)
class Tariff:
    """A `metric` of the ledger, what a million of it costs of each model on each day, and in which currency.
    It `is_estimate` where nobody but the team says so, and `is_part` where not all keys tell it.
    """

    metric: str
    table: PriceTable
    currency: str
    is_estimate: bool
    is_part: bool = False

    @classmethod
    def told(cls, metric: str, currency: str, *, is_part: bool) -> "Tariff":
        """The cost that providers tell as a metric of money."""
        return cls(metric, TOLD, currency, is_estimate=False, is_part=is_part)

    @classmethod
    def of(cls, prices: Prices) -> "Tariff":
        """Tokens by a team's own prices."""
        return cls(TOKENS, prices.table, prices.currency, is_estimate=True)

    @property
    def unit(self) -> Unit:
        """What its amounts are counted in, once they are rounded."""
        return Unit(places_of(self.currency), self.currency, self.is_estimate)

    def is_untold(self, untold: Container[str]) -> bool:
        """Tell whether more may have been spent, of metrics that not all keys tell."""
        return self.is_part or self.metric in untold

    def cost(self, model: str, day: date, amount: int) -> int:
        """What so much of a model cost on a day, to the finest place; nothing where there is no price."""
        rate = self.table.on(model, day)
        return finest(rate.cost(amount)) if rate else 0

    def worths(self, day: date) -> dict[str, float]:
        """How many coins one of the metric costs on a day, of each model that has a price."""
        rates = self.table.rates_on(day)
        return {model: float(rate.cost(1).scaleb(self.unit.places)) for model, rate in rates.items()}

    def most(self, model: str, days: Sequence[date], amount: int) -> int:
        """What so much cost at most, on whichever of some days it was used."""
        return max((self.cost(model, day, amount) for day in days), default=0, key=abs)
