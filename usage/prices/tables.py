"""The price table of a team, as the database holds it."""

from collections.abc import Iterable
from dataclasses import dataclass

from teams.models import Team
from usage.models import Price, PriceList
from usage.prices.money import USUAL
from usage.prices.pricing import PriceTable, Rate


@dataclass(frozen=True, slots=True)
class Prices:
    """All prices of a team, and the currency that they are in."""

    table: PriceTable
    currency: str


def prices_of(team: Team) -> Prices:
    """What a team pays; one query."""
    rows = list(Price.objects.filter(team=team).select_related("team__usage_price_list").order_by())
    chosen = getattr(rows[0].team, "usage_price_list", None) if rows else None
    return Prices(_table(rows), chosen.currency if chosen else USUAL)


def price_table(team: Team) -> PriceTable:
    """All prices of a team, of whatever day; one query."""
    return _table(Price.objects.filter(team=team).order_by())


def _table(rows: Iterable[Price]) -> PriceTable:
    return PriceTable((row.model, row.valid_from, rate_of(row)) for row in rows)


def rate_of(price: Price) -> Rate | None:
    """What a row says; None where it ends a price."""
    if price.per_million is None:
        return None
    return Rate(price.per_million, price.input_per_million, price.output_per_million)


def currency_of(team: Team) -> str:
    """The currency of a team's prices; the usual one until somebody chose one."""
    chosen = PriceList.objects.filter(team=team).values_list("currency", flat=True).first()
    return chosen or USUAL


def has_prices(team: Team) -> bool:
    """Tell whether a team has any price: without one, no cost is estimated anywhere."""
    return Price.objects.filter(team=team).amounts().exists()
