"""The price table of a team, as the database holds it."""

from dataclasses import dataclass

from common.together import Reading, ask, read
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
    return read(reading_prices(team))


def reading_prices(team: Team) -> Reading[Prices]:
    """The same as a reading; one step."""
    prices = Price.objects.filter(team=team).select_related("team__usage_price_list").order_by()
    rows = yield from ask(prices)
    chosen = getattr(rows[0].team, "usage_price_list", None) if rows else None
    table = PriceTable((row.model, row.valid_from, rate_of(row)) for row in rows)
    return Prices(table, chosen.currency if chosen else USUAL)


def rate_of(price: Price) -> Rate | None:
    """What a row says; None where it ends a price."""
    if price.per_million is None:
        return None
    return Rate(price.per_million, price.input_per_million, price.output_per_million)


def currency_of(team: Team) -> str:
    """The currency of a team's prices; the usual one until somebody chose one."""
    chosen = PriceList.objects.filter(team=team).values_list("currency", flat=True).first()
    return chosen or USUAL
