"""Prices as rows, for tests that need one."""

from datetime import date
from decimal import Decimal

from teams.models import Team
from usage.models import Price

NOVEMBER = date(2026, 11, 1)


def make_price(
    team: Team, model: str = "rax-4.5", day: date = NOVEMBER, price: str | None = "2.5", **fields: str
) -> Price:
    """Save a price of a million tokens from a day on; None ends the one before."""
    amounts = {name: Decimal(amount) for name, amount in fields.items()}
    per_million = None if price is None else Decimal(price)
    return Price.objects.create(team=team, model=model, valid_from=day, per_million=per_million, **amounts)
