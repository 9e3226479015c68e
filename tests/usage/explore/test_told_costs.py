"""A cost that providers tell is shown as theirs, of whichever keys tell it, in one currency."""

import re
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.costing import ALL, DAYS, FIRST, LAST, cost, note, some, use
from tests.usage.explore.proven import body, rows
from tests.usage.explore.reading import (
    NOON,
    PERIOD,
    drawn_totals,
    figure,
    headline,
    id_of,
    page,
    page_by_value,
)
from tests.usage.explore.test_tables import listed
from tests.usage.polled import answer, make_meter
from tests.usage.prices.priced import make_price
from usage.books.ingest import store
from usage.claims import MINUS
from usage.models import Meter, Period

# From the beginning of the billing period on, so that all that was told lies in it.
BILLING = "?period=billing&by=key&measure=cost"
WHOLE = f"?start={PERIOD[0]:%Y-%m-%d}&end={LAST}"

pytestmark = pytest.mark.usefixtures("noon")


class Telling:
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
            paid = Decimal(amount) if amount else None
            store([replace(answer(meter, at, told_of, *PERIOD), cost=paid, currency=currency)])


class TestTold(Telling):
    """The sum beside tokens and requests."""

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
        assert cost(by_model) == "< 0.01 USD"

    def test_several_currencies_are_never_added(self, cast: Cast, meter: Meter, alice: Client) -> None:
        self.tell(meter, "0", "10", "10")
        for name in ("Second", "Third"):
            self.tell(make_meter(make_key(cast.team, cast.alice, name), NOON), "0", "7", "7", currency="EUR")
        html = page(alice, ALL)
        self.assert_near(html, Decimal(14), "EUR", within=Decimal("0.02"))
        assert note(html) == "as the provider tells it; told of 2 of 3 keys; without what is told in USD"
        self.assert_near(page(alice, f"{ALL}&filter.key={cast.key.pk}"), Decimal(10), "USD")


class TestMeasure(Telling):
    """The same as what the page counts."""

    def tell(self, meter: Meter, *amounts: str, currency: str | None = None) -> None:
        """The last amount is told every day since."""
        super().tell(meter, *amounts, *amounts[-1:] * len(DAYS), currency=currency)

    def test_by_key_it_is_drawn_to_the_coin(self, cast: Cast, meter: Meter, alice: Client) -> None:
        self.tell(meter, "1.5", "2.254", "14.125", currency="eur")
        other = make_meter(make_key(cast.team, cast.bob, "Other"), NOON)
        self.tell(other, "0", "7.005", "7.005", currency="EUR")
        html = page_by_value(alice, f"{WHOLE}&by=key&measure=cost")
        rows = [row[:4] for row in listed(html)]
        assert rows == [
            ["Main key", str(cast.alice), "14.12", "66.9 %"],
            ["Other", str(cast.bob), "7.00", "33.1 %"],
            ["Total", "", "21.12", ""],
        ]
        assert headline(html, "cost") == "21.12 EUR"
        assert 'id="numbers-title">Cost in EUR by key' in html
        assert "stimated" not in html.partition('id="report"')[2].partition('id="cost-note"')[0]
        # What was told at first lies in a block of its own.
        assert sum(drawn_totals(figure(html))) == 2112 - 150
        assert figure(html)["layout"]["meta"]["money"] == [2, "EUR", False]

    def test_by_model_it_is_by_key_where_no_price_is_set(self, meter: Meter, alice: Client) -> None:
        self.tell(meter, "1", "2")
        html = page_by_value(alice, f"{WHOLE}&measure=cost")
        assert "no price is set: here it is without models." in html
        assert headline(html, "cost") == "2.00 USD"
        assert [row[0] for row in listed(html)] == ["Main key", "Total"]

    def test_its_tab_leads_to_where_it_is_known(self, meter: Meter, alice: Client) -> None:
        self.tell(meter, "1", "2")
        tokens = page_by_value(alice, WHOLE)
        (address,) = re.findall(r'href="([^"]*)"[^>]*><span class="stat-name">Cost<', tokens)
        html = page_by_value(alice, address)
        assert headline(html, "cost") == headline(tokens, "cost") == "2.00 USD"
        assert "here it is" not in html

    def test_by_model_it_is_an_estimate_beside_what_is_told(
        self, cast: Cast, meter: Meter, alice: Client
    ) -> None:
        make_price(cast.team, "rax-4.5", PERIOD[0].date(), "1000000")
        self.tell(meter, "1", "2")
        html = page_by_value(alice, f"{WHOLE}&measure=cost")
        tokens = sum(some(7)[day]["rax-4.5"] for day in DAYS)
        assert headline(html, "cost") == f"≈ {tokens:,}.00 USD"
        assert note(html).startswith("by your prices: the provider tells its cost of no model")

    def test_keys_that_tell_none_have_a_dash(self, cast: Cast, meter: Meter, alice: Client) -> None:
        self.tell(meter, "1", "2")
        silent = make_meter(make_key(cast.team, cast.bob, "Silent"), NOON)
        use(silent, some(8))
        html = page_by_value(alice, f"{WHOLE}&by=key&measure=cost")
        assert headline(html, "cost") == "at least 2.00 USD"
        assert {row[0]: row[2] for row in listed(html)} == {
            "Main key": "at least 2.00",
            "Silent": "–",
            "Total": "at least 2.00",
        }

    def test_the_proof_tells_what_was_said_to_the_last_digit(
        self, cast: Cast, meter: Meter, alice: Client
    ) -> None:
        self.tell(meter, "", "1.5", "2.254", "14.125001", currency="EUR")
        row = rows(body(alice, f"proof/{WHOLE}&measure=cost&by=key"), "periods")[0]
        assert row[1] == "Main key"
        assert row[2].startswith("14.125001 EUR")
        assert row[3:5] == ["12.625001 EUR", f"{MINUS}1.50 EUR"]
        assert "1.50 EUR had been spent when it was told for the first time" in row[5]

    def test_a_cost_that_was_told_from_the_start_matches(self, meter: Meter, alice: Client) -> None:
        self.tell(meter, "0", "2.25")
        row = rows(body(alice, f"proof/{WHOLE}&measure=cost"), "periods")[0]
        assert row[3:5] == ["2.25 USD", "0"]
        assert "Matches the provider to the last digit" in row[5]

    def test_an_estimate_has_the_proof_of_its_tokens(self, cast: Cast, meter: Meter, alice: Client) -> None:
        use(meter, some(4))
        make_price(cast.team, "rax-4.5", FIRST)
        html = body(alice, f"proof/{WHOLE}&measure=cost")
        assert "No provider tells this cost: here are the tokens that it is of." in html
        assert rows(html, "periods")[0][3].isdecimal() or "," in rows(html, "periods")[0][3]

    def test_the_page_claims_it_to_the_coin(self, cast: Cast, meter: Meter, alice: Client) -> None:
        self.tell(meter, "0", "2.254", "14.1249", currency="EUR")
        html = page(alice, BILLING)
        assert claim(html) == "matches the provider to 0.01 EUR"
        assert "14.12 EUR, shown 14.12 EUR; matches the provider to 0.01 EUR" in html
        other = make_meter(make_key(cast.team, cast.bob, "Other"), NOON)
        self.tell(other, "0", "7.005", "7.005", currency="EUR")
        html = page(alice, BILLING)
        assert claim(html) == "matches the provider to 0.01 EUR a key"
        assert "21.13 EUR, shown 21.12 EUR" in html

    def test_the_page_claims_nothing_of_a_cost_that_not_all_keys_tell(
        self, cast: Cast, meter: Meter, alice: Client
    ) -> None:
        self.tell(meter, "0", "2.25")
        use(make_meter(make_key(cast.team, cast.bob, "Silent"), NOON), some(8))
        assert claim(page(alice, BILLING)) == ""

    def test_the_page_says_of_a_cost_that_was_told_late_since_when_it_is_shown(
        self, meter: Meter, alice: Client
    ) -> None:
        self.tell(meter, "", "1.5", "2.25")
        html = page(alice, BILLING)
        assert claim(html).endswith("told for the first time within it, and shown since then")

    def test_the_page_finds_out_a_wrong_cost(self, meter: Meter, alice: Client) -> None:
        self.tell(meter, "0", "2.25")
        period = Period.objects.get()
        period.counters["cost"] = {
            model: amount + 20_000 for model, amount in period.counters["cost"].items()
        }
        period.save()
        html = page(alice, BILLING)
        assert claim(html).endswith("differs from what the provider says")


def claim(html: str) -> str:
    """What the page claims of its sum; empty where it does not."""
    found = re.search(r'id="agreement">([^<]*)<', html)
    return found[1] if found else ""
