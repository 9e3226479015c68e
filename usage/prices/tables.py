"""The price table of a team, as the database holds it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import CharField, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from common.database.together import Reading, ask, read
from teams.models import Team
from usage.models import Price, PriceList
from usage.prices.money import USUAL
from usage.prices.pricing import PriceTable, Rate


@dataclass(frozen=True, slots=True)
class Prices:
    """All prices of a team, and the currency that they are in."""

    table: PriceTable
    currency: str


# A row as a text: in which currency, from which day on, then three prices, empty where there is none.
AS_TEXT = (
    "team__usage_price_list__currency",
    "valid_from",
    "per_million",
    "input_per_million",
    "output_per_million",
)
BETWEEN = " "


def as_text() -> Concat:
    """What a row of a price says beside its model, for a query that has no columns for it."""
    texts = (Coalesce(Cast(name, CharField(max_length=30)), Value("")) for name in AS_TEXT)
    parts = [part for text in texts for part in (Value(BETWEEN), text)]
    return Concat(*parts[1:], output_field=TextField())


def prices_of_texts(rows: Iterable[tuple[str, str]]) -> Prices:
    """The prices of such rows (model, text)."""
    told = [(model, *text.split(BETWEEN)) for model, text in rows]
    table = PriceTable((model, date.fromisoformat(day), _rate(prices)) for model, _, day, *prices in told)
    return Prices(table, next((currency for _, currency, *_ in told if currency), USUAL))


def _rate(texts: Sequence[str]) -> Rate | None:
    per_million, read, written = (Decimal(text) if text else None for text in texts)
    return None if per_million is None else Rate(per_million, read, written)


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
