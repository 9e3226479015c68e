"""A cost that providers tell is shown as theirs, of whichever keys tell it, in one currency."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.costing import ALL, DAYS, FIRST, cost, note, some
from tests.usage.explore.reading import NOON, PERIOD, id_of, page
from tests.usage.polled import answer, make_meter
from tests.usage.prices.priced import make_price
from usage.books.ingest import store
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")


class TestTold:
    """Providers that tell what is to be paid."""

    def tell(self, meter: Meter, *amounts: str, currency: str | None = None) -> None:
        used = some(7)
        told = dict(zip(DAYS, amounts, strict=False))
        counters: dict[str, int] = defaultdict(int)
        for day, amount in told.items():
            for model, tokens in used[day].items():
                counters[model] += tokens
            at = datetime.combine(day, time(12), meter.team.zone)
            told_of = {model: (tokens, 1) for model, tokens in counters.items()}
            store([replace(answer(meter, at, told_of, *PERIOD), cost=Decimal(amount), currency=currency)])

    def test_it_is_shown_as_it_was_told(self, meter: Meter, alice: Client) -> None:
        self.tell(meter, "1.5", "2.25", "14.125")
        html = page(alice, ALL)
        assert "Cost, estimated" not in html
        assert note(html) == "as the provider tells it"
        self.assert_near(html, Decimal("14.125") - Decimal("1.5"), "USD")

    def assert_near(
        self, html: str, amount: Decimal, currency: str, within: Decimal = Decimal("0.01")
    ) -> None:
        found, code = cost(html).split()
        assert abs(Decimal(found.replace(",", "")) - amount) <= within
        assert code == currency

    def test_a_told_cost_stands_before_an_estimate_and_says_so(
        self, cast: Cast, meter: Meter, alice: Client
    ) -> None:
        make_price(cast.team, "rax-4.5", FIRST)
        self.tell(meter, "1.5", "2.25", "14.125", currency="eur")
        html = page(alice, ALL)
        assert cost(html).endswith(" EUR")
        assert note(html) == "as the provider tells it, not by your prices"
        by_model = page(alice, f"{ALL}&filter.model={id_of('rax-4.5')}")
        assert cost(by_model).startswith("≈ ")

    def test_several_currencies_are_never_added(self, cast: Cast, meter: Meter, alice: Client) -> None:
        self.tell(meter, "0", "10", "10")
        for name in ("Second", "Third"):
            self.tell(make_meter(make_key(cast.team, cast.alice, name), NOON), "0", "7", "7", currency="EUR")
        html = page(alice, ALL)
        self.assert_near(html, Decimal(14), "EUR", within=Decimal("0.02"))
        assert note(html) == "as the provider tells it; told of 2 of 3 keys; without what is told in USD"
        self.assert_near(page(alice, f"{ALL}&filter.key={cast.key.pk}"), Decimal(10), "USD")
