"""What is something, and less than is told, is nowhere a zero."""

import pytest
from django.test import Client

from common.templatetags.numbers import percent
from tests.cast import Cast, make_key
from tests.usage.explore.costing import ALL, DAY, FIRST, use
from tests.usage.explore.reading import NOON, page, page_by_value
from tests.usage.explore.test_cost_measure import COST, amounts
from tests.usage.explore.test_tables import listed
from tests.usage.polled import make_meter
from tests.usage.prices.priced import make_price
from usage.claims import MINUS, Unit, known
from usage.explore.sheet.changes import Change, percent_words
from usage.explore.sheet.sums import Average

pytestmark = pytest.mark.usefixtures("noon")
EURO = Unit(2, "EUR", is_estimate=True)


def test_it_is_said_how_little_it_is(cast: Cast, alice: Client) -> None:
    """By value, by time and in all; what nothing is paid for is one. Lines together may be a coin."""
    for model, price in (("rax-3", "0"), ("rax-4.0", "3")):
        make_price(cast.team, model, FIRST - DAY, price)
    for number in range(3):
        key = make_key(cast.team, cast.alice, f"Key {number}")
        use(make_meter(key, NOON), {FIRST: {"rax-3": 50, "rax-4.0": 1_500}})
    rows = dict(amounts(page_by_value(alice, ALL + COST), "model"))
    assert rows == {"rax-4.0": "< 0.02", "rax-3": "0.00", "Total": "< 0.02"}
    by_time = page(alice, f"{ALL}{COST}&step=day")
    assert ">< 0.02 USD</span>" in by_time
    told = [row for row in listed(by_time) if "< 0.02" in row]
    assert [row[0].split(" 20")[0] for row in told] == [f"{FIRST:%a %-d %b}", "Total"]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        *((0.04, "< 0.1 %"), (-0.04, f"> {MINUS}0.1 %"), (99.96, "> 99.9 %"), (100.04, "> 100 %")),
        *((-3.0, f"{MINUS}3 %"), (0.0, "0 %"), (100.0, "100 %"), (250.0, "250 %")),
    ],
)
def test_no_share_of_something_is_none_or_all(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.04, "+0.04 %"), (-99.997, f"{MINUS}99.99 %"), (-99.96, f"{MINUS}99.96 %"), (100.04, "+100.04 %")],
)
def test_no_change_of_nearly_all_is_one_of_all(share: float, words: str) -> None:
    assert percent_words(share) == words


def test_a_few_tokens_of_many_requests_are_no_zero() -> None:
    assert str(Average(known(1), known(3))) == "< 1"


def test_it_has_a_sign() -> None:
    assert known(0, EURO, 1).words == "< 0.01 EUR"
    assert known(0, EURO, -3).number == f"> {MINUS}0.03"
    assert known(0, EURO).words == "≈ 0.00 EUR"
    assert known(7, EURO, 1).words == "≈ 0.07 EUR"


def test_its_share_is_no_zero() -> None:
    little = known(0, EURO, 1)
    assert (little.percentage_of(100_000), little.percentage_of(4)) == (0.001, None)
    assert (known(0, EURO).percentage_of(4), known(1, EURO).percentage_of(4)) == (0, 25)
    assert known(1, EURO).percentage_of(0) is None


def test_what_is_compared_with_it_is_neither_new_nor_gone() -> None:
    little, much, nothing = known(0, EURO, 1), known(500, EURO), known(0, EURO)
    assert Change(much, little).words == "+5.00"
    assert Change(little, much).words == f"{MINUS}5.00"
    assert Change(little, little).words == "≈ ±0"
    assert Change(much, nothing).words == "new"
