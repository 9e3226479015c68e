"""Cost as a measure: chart, tables and totals say what a model of the test's own reckons, to the coin."""

import json
import random
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.cost_model import CostModel, Told
from tests.usage.explore.costing import ALL, DAY, DAYS, FIRST, LAST, MODELS, spend, use
from tests.usage.explore.reading import NOON, figure, headline, id_of, names, page, page_by_value
from tests.usage.explore.test_tables import link, listed
from tests.usage.polled import make_meter
from tests.usage.prices.priced import make_price

pytestmark = pytest.mark.usefixtures("noon")

COST = "&measure=cost"
GROUPS = ["model", "key", "account", "owner", "key,model", "model,key", "owner,model", "owner,key"]


class World:
    """Three keys of two people that use three models, whose prices change; one has none."""

    def __init__(self, cast: Cast, chance: random.Random) -> None:
        self.keys = [
            make_key(cast.team, owner, f"Key {n}") for n, owner in enumerate([cast.alice, cast.bob, cast.bob])
        ]
        self.model = CostModel(prices=self.prices(cast, chance))
        for key in self.keys:
            used = {
                day: {name: chance.choice([0, chance.randrange(10**7)]) for name in ["rax-3", *MODELS]}
                for day in DAYS
            }
            use(make_meter(key, NOON), used)
            self.model.used += [
                Told(key.name, model, day, tokens)
                for day, told in used.items()
                for model, tokens in told.items()
                if tokens
            ]

    def prices(self, cast: Cast, chance: random.Random) -> dict[str, dict[date, Decimal | None]]:
        dated: dict[str, dict[date, Decimal | None]] = {}
        for model in MODELS:
            days = [FIRST - DAY, *chance.sample(DAYS, 5)]
            dated[model] = {
                day: chance.choice([None, *[Decimal(chance.randrange(10**8)).scaleb(-6)] * 4]) for day in days
            }
            for day, price in dated[model].items():
                make_price(cast.team, model, day, None if price is None else str(price))
        return dated

    def value(self, dimension: str, told: Told) -> str:
        key = next(key for key in self.keys if key.name == told.key)
        return {
            "model": told.model,
            "key": told.key,
            "account": told.key,
            "owner": str(key.owner),
        }[dimension]


def amounts(html: str, by: str) -> list[tuple[str, str]]:
    """The names and amounts of a table by value, its total last."""
    place = 2 if by.startswith("key") else 1
    return [(row[0], row[place]) for row in listed(html)]


@pytest.mark.parametrize("seed", range(6))
def test_any_question_costs_what_the_model_says(cast: Cast, alice: Client, seed: int) -> None:
    chance = random.Random(seed)
    cast.team.time_zone = chance.choice(["UTC", "Asia/Kathmandu", "America/New_York"])
    cast.team.save()
    world = World(cast, chance)
    for _ in range(4):
        first, last = sorted(chance.sample(DAYS, 2))
        by, shown = chance.choice(GROUPS), chance.sample(world.keys, 2)
        query = f"?start={first}&end={last}&by={by}{COST}&step={chance.choice(['day', 'week', '6h'])}"
        query += "".join(f"&filter.key={key.pk}" for key in shown) if chance.random() < 0.5 else ""
        named = {key.name for key in shown} if "filter" in query else {key.name for key in world.keys}
        without = chance.choice(MODELS) if chance.random() < 0.4 else ""
        query += f"&filter.model=!{id_of(without)}" if without else ""

        def admits(told: Told, named: set[str] = named, without: str = without) -> bool:
            return told.key in named and told.model != without

        assert_table(page_by_value(alice, query), world, by, (first, last), admits)
        assert_bars(page(alice, query), world, by.split(","), (first, last), admits)


def assert_table(html, world, by, days, admits) -> None:
    """Rows, their parts and the total are the model's; each column adds up."""
    dimensions = by.split(",")
    used = list(world.model.within(*days, admits))
    total = world.model.total(*days, admits)
    if not any(world.model.price(each.model, each.day) is not None for each in used):
        assert "What was used has no price" in html
        return
    rows = amounts(html, by)
    expected = []
    for level in range(1, len(dimensions) + 1):
        told = {tuple(world.value(each, one) for each in dimensions[:level]) for one in used}
        costs = world.model.by(
            lambda one, level=level: tuple(world.value(each, one) for each in dimensions[:level]),
            *days,
            admits,
        )
        expected += [(name[-1], f"{costs[name]:,}" if name in costs else "–") for name in told]
    assert sorted(rows[:-1]) == sorted(expected)
    assert rows[-1][1] == f"{total:,}"
    assert headline(html, "cost") == f"≈ {total:,} USD"


def assert_bars(html, world, dimensions, days, admits) -> None:
    """The bars of each series are whole coins that add up to it, each within a coin of a line of its own."""
    costs = world.model.by(
        lambda one: " · ".join(world.value(each, one) for each in dimensions), *days, admits
    )
    drawn = {name: cost for name, cost in costs.items() if cost}
    if not drawn:
        return
    chart = figure(html)
    sums = dict.fromkeys(names(chart), 0)
    for trace in chart["data"]:
        if "column" in trace["meta"]:
            assert all(isinstance(amount, int) for amount in trace["y"] if amount is not None)
            sums[names(chart)[trace["meta"]["column"]]] += sum(filter(None, trace["y"]))
    assert {name.strip("\u2068\u2069"): Decimal(sum_) / 100 for name, sum_ in sums.items()} == drawn
    assert chart["layout"]["meta"]["money"] == [2, "USD", True]


def test_each_bar_is_its_day_by_the_price_of_that_day(cast: Cast, alice: Client) -> None:
    chance = random.Random(9)
    world = World(cast, chance)
    chart = figure(page(alice, f"{ALL}&by=key{COST}&step=day"))
    lines = len(MODELS)
    for number, name in enumerate(names(chart)):
        traces = [trace for trace in chart["data"] if trace["meta"].get("column") == number]
        bars: dict[int, int] = {}
        for trace in traces:
            bars |= {
                place: amount
                for place, amount in zip(trace.get("x", range(999)), trace["y"], strict=False)
                if amount is not None
            }
        for place, day in enumerate(DAYS):
            exact = world.model.exact(world.model.within(day, day, partial(is_of_key, name)))
            assert abs(Fraction(bars.get(place, 0), 100) - Fraction(exact)) <= Fraction(lines + 1, 100)


def is_of_key(name: str, told: Told) -> bool:
    return told.key == name


def test_every_column_of_the_table_by_time_adds_up(cast: Cast, alice: Client) -> None:
    world = World(cast, random.Random(4))
    html = page(alice, f"{ALL}&by=model{COST}&step=day")
    body, foot = html.partition("<tbody>")[2].split("<tfoot>")
    rows = [list(re.findall(r"([\d,]+\.\d\d)</td>", row)) for row in body.split("</tr>")]
    columns = list(
        zip(*[[Decimal(cell.replace(",", "")) for cell in row] for row in rows if row], strict=True)
    )
    told = [Decimal(cell.replace(",", "")) for cell in re.findall(r"([\d,]+\.\d\d)</td>", foot)]
    assert [sum(column) for column in columns] == told
    assert told[-1] == sum(told[:-1]) == world.model.total(FIRST, LAST)


def test_a_comparison_tells_what_it_cost_before_and_why_it_costs_more(cast: Cast, alice: Client) -> None:
    key = cast.key
    make_price(cast.team, "rax-4.5", FIRST, "2")
    make_price(cast.team, "rax-4.5", date(2026, 11, 16), "3.50")
    use(make_meter(key, NOON), {day: {"rax-4.5": 1_000_000, "rax-4.0": 9} for day in DAYS})
    html = page_by_value(alice, f"?start=2026-11-16&end=2026-11-22&compare=previous&by=key&step=day{COST}")
    assert headline(html, "cost") == "≈ 24.50 USD"
    stat = html.partition('id="total-cost"')[2].partition("</a>")[0]
    assert "<b>+75 %</b> from ≈ 14.00 USD" in stat
    assert ["Main key", str(cast.alice), "24.50", "100 %", "+75 %"] == listed(html)[0][:5]
    assert 'data-copy-text="≈ +10.50 USD against the 7 days before: rax-4.5 with key Main key +10.50' in html
    assert 'title="+10.50"' in html
    assert [None if each is None else each / 100 for each in compared(figure(html))] == [2.0] * 7


def compared(chart: dict) -> list[int | None]:
    (trace,) = [each for each in chart["data"] if each["meta"]["look"] == "compared"]
    return trace["y"]


def test_it_adds_up_as_it_grows(cast: Cast, alice: Client) -> None:
    world = World(cast, random.Random(5))
    chart = figure(page(alice, f"{ALL}&view=cumulative{COST}"))
    top = max(max(filter(None, trace["y"])) for trace in chart["data"] if trace["meta"]["look"] == "area")
    assert Decimal(top) / 100 == world.model.total(FIRST, LAST)
    assert chart["layout"]["meta"]["money"] == [2, "USD", True]


def test_what_the_legend_hides_is_left_out_of_it(cast: Cast, alice: Client) -> None:
    world = World(cast, random.Random(6))
    html = page_by_value(alice, f"{ALL}&by=key{COST}&hide={world.keys[0].pk}")
    shown = world.model.total(FIRST, LAST, lambda told: told.key != world.keys[0].name)
    assert headline(html, "cost") == f"≈ {shown:,} USD"
    assert f"≈ {shown:,} USD" == headline(page(alice, f"{ALL}&by=key&hide={world.keys[0].pk}"), "cost")


def test_it_is_a_tab_beside_tokens_and_named_an_estimate_wherever_it_is_one(
    cast: Cast, alice: Client
) -> None:
    World(cast, random.Random(7))
    tokens = page_by_value(alice, ALL)
    (address,) = re.findall(r'<a class="stat" href="([^"]*)"[^>]*><span class="stat-name">Cost, est', tokens)
    html = page_by_value(alice, address.replace("&amp;", "&"))
    assert 'aria-current="true"><span class="stat-name">Cost, estimated' in html
    assert 'id="numbers-title">Estimated cost in USD by model' in html
    assert '>Estimated, USD <span aria-hidden="true">↓</span></a>' in html
    assert 'aria-label="Estimated cost in USD by model' in html
    assert 'id="agreement"' not in html


def test_a_name_leads_to_its_cost_alone(cast: Cast, alice: Client) -> None:
    world = World(cast, random.Random(8))
    html = page_by_value(alice, f"{ALL}&by=key{COST}")
    alone = page_by_value(alice, link(html, "Key 1"))
    cost = world.model.total(FIRST, LAST, lambda told: told.key == "Key 1")
    assert headline(alone, "cost") == f"≈ {cost:,} USD"


def test_own_runs_are_priced_by_input_and_output_bar_by_bar(cast: Cast, alice: Client) -> None:
    make_meter(cast.key, NOON)
    make_price(cast.team, "rax-4.5", FIRST, "900", input_per_million="1", output_per_million="10")
    use(make_meter(make_key(cast.team, cast.alice, "Other"), NOON), {FIRST: {"rax-4.5": 1}})
    spend(cast.key, "rax-4.5", 2_000_000, 500_000)
    html = page_by_value(alice, f"{ALL}&by=member{COST}")
    assert headline(html, "cost") == "≈ 7.00 USD"
    assert [str(cast.alice), "7.00", "100 %"] == listed(html)[0][:3]
    bars = [amount for trace in figure(html)["data"] for amount in trace["y"] if amount]
    assert bars == [700]


@pytest.mark.parametrize("seed", range(2))
def test_many_keys_are_drawn_as_few_are(cast: Cast, alice: Client, monkeypatch, seed: int) -> None:
    World(cast, random.Random(seed))
    queries = [
        f"{ALL}&by={by}{COST}&step=day" for by in ("key", "owner", "key,model", "model,key", "label,key")
    ]
    few = [json.dumps(figure(page(alice, query)), sort_keys=True) for query in queries]
    monkeypatch.setattr("usage.explore.reading.spending.spent_by_time.MOST_AT_ONCE", 0)
    assert few == [json.dumps(figure(page(alice, query)), sort_keys=True) for query in queries]


def test_without_a_price_there_is_no_cost_and_tokens_are_shown(cast: Cast, meter, alice: Client) -> None:
    use(meter, {FIRST: {"rax-4.5": 5}})
    html = page_by_value(alice, f"{ALL}{COST}")
    assert "No provider tells what this cost, and no price is set: here are tokens." in html
    assert "total-cost" not in html
    assert 'id="numbers-title">Tokens by' in html


def test_what_has_no_price_has_no_amount_and_is_no_zero(cast: Cast, meter, alice: Client) -> None:
    use(meter, {FIRST: {"rax-4.5": 1_000_000, "rax-4.0": 5}})
    make_price(cast.team, "rax-4.5", FIRST, "2")
    rows = {row[0]: row[1:3] for row in listed(page_by_value(alice, f"{ALL}{COST}"))}
    assert rows == {"rax-4.5": ["2.00", "100 %"], "rax-4.0": ["–", "–"], "Total": ["2.00", ""]}


def test_each_row_tells_what_it_cost_beside_what_it_used(cast: Cast, alice: Client) -> None:
    used = {day: {"rax-4.0": 3_000_000, "rax-4.5": 1_000_000} for day in DAYS}
    use(make_meter(cast.key, NOON), used)
    days = len(DAYS)
    assert "Estimated" not in page_by_value(alice, ALL)
    make_price(cast.team, "rax-4.0", FIRST, "1.5")
    html = page_by_value(alice, f"{ALL}&sort=cost")
    costs = [(row[0], row[-2]) for row in listed(html)]
    assert costs == [("rax-4.0", f"{days * 4.5:.2f}"), ("rax-4.5", "–"), ("Total", f"{days * 4.5:.2f}")]
    assert 'Estimated, USD <span aria-hidden="true">↓</span>' in html
    make_price(cast.team, "rax-4.5", FIRST, "9")
    html = page_by_value(alice, f"{ALL}&sort=cost&by=key,model&measure=requests")
    assert [(row[0], row[-2]) for row in listed(html)] == [
        ("Main key", f"{days * 13.5:.2f}"),
        ("rax-4.0", f"{days * 4.5:.2f}"),
        ("rax-4.5", f"{days * 9:.2f}"),
        ("Total", f"{days * 13.5:.2f}"),
    ]
