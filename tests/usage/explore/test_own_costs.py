"""What each key's own billing period cost: the sum of what each of them did, by hand."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD, headline, id_of, page
from tests.usage.polled import answer, make_meter
from tests.usage.prices.priced import make_price
from usage.books.ingest import store

pytestmark = pytest.mark.usefixtures("noon")

HALF, DAY = timedelta(milliseconds=500), timedelta(days=1)
ON_THE_10TH = PERIOD[0] + 9 * DAY, PERIOD[1] + 9 * DAY
USED = {
    "Main key": {"rax-4.0": 1_234_567, "rax-4.5": 2_000_001},
    "Second": {"rax-4.0": 333_333, "rax-4.5": 44_444},
}


@pytest.fixture
def apart(cast: Cast) -> None:
    tell(cast)


def tell(cast: Cast, *paid: str | None) -> None:
    """Two keys of which one counts from the 1st and the other one from the 10th."""
    keys = [cast.key, make_key(cast.team, cast.alice, "Second")]
    for key, period, cost in zip(keys, (PERIOD, ON_THE_10TH), paid or (None, None), strict=True):
        meter = make_meter(key, NOON)
        counters = {model: (tokens, 3) for model, tokens in USED[key.name].items()}
        begun = replace(answer(meter, period[0] + HALF, {}, *period), cost=Decimal(0) if cost else None)
        told = answer(meter, NOON - HALF, counters, *period)
        store([begun, replace(told, cost=Decimal(cost) if cost else None)])


def coins(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def costs(html: str) -> list[str]:
    """What stands in the column of cost, the sum last."""
    table = html.partition('id="own-periods"')[2].partition("</table>")[0]
    return re.findall(r'data-label="Cost(?:, estimated)?">([^<]*)<', table)


@pytest.mark.usefixtures("apart")
def test_each_is_priced_by_the_teams_prices_and_they_add_up(cast: Cast, alice: Client) -> None:
    prices = {"rax-4.0": Decimal("1.5"), "rax-4.5": Decimal("12.25")}
    for model, price in prices.items():
        make_price(cast.team, model, date(2026, 1, 1), str(price))
    cost = {
        key: sum(coins(tokens * prices[model] / 1_000_000) for model, tokens in used.items())
        for key, used in USED.items()
    }
    html = page(alice, "?period=billing")
    assert costs(html) == [f"{cost['Second']}", f"{cost['Main key']}", f"{sum(cost.values())}"]
    assert headline(html, "cost") == f"\N{ALMOST EQUAL TO} {sum(cost.values())} USD"
    assert "Cost, estimated, USD" in html
    one = page(alice, f"?period=billing&filter.model={id_of('rax-4.0')}")
    assert costs(one)[-1] == str(
        sum(coins(USED[key]["rax-4.0"] * Decimal("1.5") / 1_000_000) for key in USED)
    )


def bars(html: str) -> list[tuple[str, str]]:
    """How wide the bar of each period is, of 100, and what stands beside it."""
    table = html.partition('id="own-periods"')[2].partition("</table>")[0]
    return re.findall(r'<rect width="([^"]*)".*?<span class="num">([^<]*)<', table)


@pytest.mark.usefixtures("apart")
def test_each_has_a_bar_of_what_is_counted(
    cast: Cast, alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_price(cast.team, "rax-4.0", date(2026, 1, 1), "10")
    cost = [Decimal("3.33"), Decimal("12.35")]
    with django_assert_max_num_queries(12):
        html = page(alice, "?period=billing&measure=cost")
    assert costs(html) == ["3.33", "12.35", "15.68"]
    assert bars(html) == [
        (f"{100 * cost[0] / cost[1]:.2f}", f"{100 * cost[0] / sum(cost):.1f} %"),
        ("100.00", f"{100 * cost[1] / sum(cost):.1f} %"),
    ]
    assert "Share of cost" in html
    assert 'aria-current="true"><span class="stat-name">Cost, estimated<' in html
    used = [sum(USED[key].values()) for key in ("Second", "Main key")]
    html = page(alice, "?period=billing")
    assert bars(html)[0] == (f"{100 * used[0] / used[1]:.2f}", f"{100 * used[0] / sum(used):.1f} %")
    html = page(alice, "?period=billing&measure=requests")
    assert bars(html) == [("100.00", "50 %")] * 2


@pytest.mark.usefixtures("apart")
def test_where_a_price_changed_within_a_period_it_is_at_least_so_much(cast: Cast, alice: Client) -> None:
    """The price of rax-4.5 rose on the 5th: the key that counts from the 10th knows one price."""
    for model in ("rax-4.0", "rax-4.5"):
        make_price(cast.team, model, date(2026, 1, 1), "10")
    make_price(cast.team, "rax-4.5", date(2026, 11, 5), "20")
    least = coins(Decimal("12.34567")) + coins(Decimal("20.00001"))
    second = coins(Decimal("3.33333")) + coins(Decimal("0.88888"))
    assert costs(page(alice, "?period=billing")) == [
        f"{second}",
        f"at least {least}",
        f"at least {least + second}",
    ]


@pytest.mark.usefixtures("apart")
def test_a_model_without_a_price_is_named(cast: Cast, alice: Client) -> None:
    make_price(cast.team, "rax-4.0", date(2026, 1, 1), "10")
    html = page(alice, "?period=billing")
    assert costs(html)[-1] == f"{coins(Decimal('12.34567')) + coins(Decimal('3.33333'))}"
    assert "without rax-4.5, which has no price" in html


@pytest.mark.usefixtures("apart")
def test_without_prices_there_is_no_word_of_it(alice: Client) -> None:
    html = page(alice, "?period=billing")
    assert costs(html) == []
    assert "Cost" not in html.partition('id="own-periods"')[2].partition("</table>")[0]


def test_what_providers_tell_is_added_up_as_they_told_it(cast: Cast, alice: Client) -> None:
    tell(cast, "12.345", "0.5")
    html = page(alice, "?period=billing")
    assert costs(html) == ["0.50", "12.34", "12.84"]
    assert "as the provider tells it" in html


def test_of_keys_that_tell_none_nothing_is_known(cast: Cast, alice: Client) -> None:
    tell(cast, "12.345", None)
    html = page(alice, "?period=billing")
    assert costs(html) == ["\N{EN DASH}", "at least 12.34", "at least 12.34"]
