"""The price table of a team, as the database holds it."""

from teams.models import Team
from usage.models import Price, PriceList
from usage.prices.money import USUAL
from usage.prices.pricing import PriceTable, Rate


def price_table(team: Team) -> PriceTable:
    """All prices of a team, of whatever day; one query."""
    rows = Price.objects.filter(team=team).order_by()
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
