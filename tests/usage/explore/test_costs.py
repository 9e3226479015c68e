"""What all that is shown cost by the team's own prices, and is said to be an estimate."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, make_key
from tests.usage.explore.costing import ALL, DAY, DAYS, FIRST, MODELS, cost, note, rounded, some, spend, use
from tests.usage.explore.reading import NOON, PERIOD, headline, id_of, page
from tests.usage.polled import answer, make_meter
from tests.usage.prices.priced import make_price
from usage.books.ingest import store
from usage.models import Meter, Price, PriceList

pytestmark = pytest.mark.usefixtures("noon")

HOUR = timedelta(hours=1)
ZONES = ["UTC", "Asia/Kathmandu", "America/New_York"]


@pytest.mark.parametrize("zone", ZONES)
def test_each_day_of_the_teams_zone_has_its_own_price(
    cast: Cast, meter: Meter, alice: Client, zone: str
) -> None:
    cast.team.time_zone = meter.team.time_zone = zone
    cast.team.save()
    other = make_meter(make_key(cast.team, cast.alice, "Other"), NOON)
    worlds = {meter: some(1), other: some(2)}
    for one, used in worlds.items():
        use(one, used)
    dated = {FIRST: "1.37", date(2026, 11, 9): "400"}
    prices = {"rax-4.0": dated, "rax-4.5": {date(2026, 11, 1): "33.333333"}}
    for model, dated in prices.items():
        for day, price in dated.items():
            make_price(cast.team, model, day, price)
    lines = [
        sum(
            (
                used[day][model] * Decimal(prices[model][max(each for each in prices[model] if each <= day)])
                for day in DAYS
            ),
            start=Decimal(),
        )
        / 1_000_000
        for used in worlds.values()
        for model in MODELS
    ]
    html = page(alice, ALL)
    assert cost(html) == f"≈ {sum(map(rounded, lines))} USD"
    assert "Cost, estimated" in html
    assert note(html) == ""


def test_single_days_come_to_the_month(cast: Cast, meter: Meter, alice: Client) -> None:
    cast.team.time_zone = meter.team.time_zone = "America/New_York"
    cast.team.save()
    use(meter, some(3, least=1_000_000))
    make_price(cast.team, "rax-4.0", FIRST, "1.25")
    make_price(cast.team, "rax-4.0", FIRST + 5 * DAY, "2")
    make_price(cast.team, "rax-4.5", FIRST, "3")
    amounts = [
        Decimal(cost(page(alice, f"?start={day}&end={day}")).split()[1].replace(",", "")) for day in DAYS
    ]
    assert cost(page(alice, f"{ALL}&step=week")) == f"≈ {sum(amounts):,} USD"


@pytest.mark.parametrize("seed", range(4))
def test_any_days_keys_and_models_cost_what_one_would_reckon(cast: Cast, alice: Client, seed: int) -> None:
    chance = random.Random(seed)
    cast.team.time_zone = chance.choice(ZONES)
    cast.team.save()
    keys = [make_key(cast.team, cast.alice, f"Key {n}") for n in range(3)]
    models = ["rax-3", *MODELS]
    used = {
        key.pk: {day: {model: chance.randrange(10**7) for model in models} for day in DAYS} for key in keys
    }
    for key in keys:
        use(make_meter(key, NOON), used[key.pk])
    dated: dict[str, dict[date, Decimal | None]] = {model: {} for model in models}
    for model in MODELS:
        for day in chance.sample([FIRST - 9 * DAY, *DAYS], 6):
            price = chance.choice([None, Decimal(chance.randrange(10**8)).scaleb(-6)])
            dated[model][day] = price
            make_price(cast.team, model, day, None if price is None else str(price))
    for _ in range(4):
        first, last = sorted(chance.sample(DAYS, 2))
        asked, of = chance.sample(keys, 2), chance.choice(models)
        filters = "".join(f"&filter.key={key.pk}" for key in asked) + f"&filter.model=!{id_of(of)}"
        lines = [
            reckoned(dated[model], used[key.pk], model, first, last)
            for key in asked
            for model in models
            if model != of
        ]
        told = [rounded(line) for line in lines if line is not None]
        html = page(alice, f"?start={first}&end={last}{filters}")
        assert cost(html) == (f"≈ {sum(told):,} USD" if told else "")


def reckoned(
    prices: dict[date, Decimal | None],
    used: dict[date, dict[str, int]],
    model: str,
    first: date,
    last: date,
) -> Decimal | None:
    """What a key's tokens of a model cost by dated prices; None where no day has one."""
    amounts = []
    for day in DAYS:
        price = next((prices[each] for each in sorted(prices, reverse=True) if each <= day), None)
        if price is not None and first <= day <= last:
            amounts.append(used[day][model] * price / 1_000_000)
    return sum(amounts, Decimal()) if amounts else None


def test_a_day_on_which_clocks_change_has_one_price(cast: Cast, alice: Client) -> None:
    cast.team.time_zone = "America/New_York"
    cast.team.save()
    changed = date(2026, 11, 1)
    meter = make_meter(cast.key, NOON)
    counts = [(23, 0, 1), (0, 1, 2), (23, 1, 5), (1, 2, 9)]
    tokens, answers = 0, []
    for hour, days, more in counts:
        at = datetime.combine(changed + (days - 1) * DAY, time(hour, 15), cast.team.zone)
        answers.append(answer(meter, at, {"rax-4.5": (tokens, 1)}, PERIOD[0] - 9 * DAY, PERIOD[1]))
        tokens += more * 1_000_000
        answers.append(answer(meter, at + HOUR / 4, {"rax-4.5": (tokens, 1)}, PERIOD[0] - 9 * DAY, PERIOD[1]))
    store(answers)
    for day, price in [(0, "1"), (1, "10"), (2, "100")]:
        make_price(cast.team, "rax-4.5", changed + (day - 1) * DAY, price)
    span = f"?start={changed - DAY}&end={changed + DAY}"
    assert cost(page(alice, span)) == f"≈ {1 * 1 + 10 * (2 + 5) + 100 * 9}.00 USD"
    assert cost(page(alice, f"?start={changed}&end={changed}")) == "≈ 70.00 USD"


def test_filters_leave_the_cost_of_what_they_leave(cast: Cast, meter: Meter, alice: Client) -> None:
    other = make_meter(make_key(cast.team, cast.alice, "Other"), NOON)
    for one, share in ((meter, 1), (other, 10)):
        use(one, {day: {"rax-4.0": share * 100_000, "rax-4.5": share * 1_000_000} for day in DAYS[:10]})
    make_price(cast.team, "rax-4.0", FIRST, "1")
    make_price(cast.team, "rax-4.5", FIRST, "2")
    assert cost(page(alice, ALL)) == "≈ 231.00 USD"
    of_key = f"{ALL}&filter.key={cast.key.pk}"
    assert cost(page(alice, of_key)) == "≈ 21.00 USD"
    assert cost(page(alice, f"{of_key}&filter.model=!{id_of('rax-4.5')}")) == "≈ 1.00 USD"


def test_a_stretch_over_a_change_of_prices_is_parted_evenly(cast: Cast, meter: Meter, alice: Client) -> None:
    make_price(cast.team, "rax-4.5", FIRST, "1")
    make_price(cast.team, "rax-4.5", date(2026, 11, 12), "5")
    for day, tokens in ((11, 0), (13, 48_000_000)):
        at = datetime.combine(date(2026, 11, day), time(0), cast.team.zone)
        store([answer(meter, at, {"rax-4.5": (tokens, 1)}, *PERIOD)])
    assert cost(page(alice, ALL)) in ("≈ 144.00 USD", "≈ 143.99 USD", "≈ 144.01 USD")


def test_of_a_stretch_that_is_cut_the_dearest_day_counts(cast: Cast, meter: Meter, alice: Client) -> None:
    """Nobody knows what of it was used on which of the days that are shown, or on none of them."""
    make_price(cast.team, "rax-4.5", FIRST, "1")
    make_price(cast.team, "rax-4.5", date(2026, 11, 12), "5")
    for day, tokens in ((10, 0), (13, 48_000_000)):
        at = datetime.combine(date(2026, 11, day), time(0), cast.team.zone)
        store([answer(meter, at, {"rax-4.5": (tokens, 1)}, *PERIOD)])
    html = page(alice, "?start=2026-11-11&end=2026-11-13&measure=cost")
    assert "Up to ≈ 240.00 USD of 10 – 13 Nov" in html.partition('id="cut"')[2].partition("</p>")[0]
    assert headline(html, "cost") == "–"


def test_a_model_without_a_price_is_named_with_a_way_to_give_it_one(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    use(meter, some(4))
    make_price(cast.team, "rax-4.5", FIRST - DAY)
    html = page(alice, ALL)
    assert note(html) == "without rax-4.0, which has no price"
    assert 'href="/t/acme/usage/prices/"' in html.partition('id="cost-note"')[2].partition("</p>")[0]
    seen = page(cast.client("vera"), ALL)
    assert note(seen) == "without rax-4.0, which has no price"
    assert "<a" not in seen.partition('id="cost-note"')[2].partition("</p>")[0]


def test_an_estimate_is_as_sure_as_the_tokens(cast: Cast, meter: Meter, alice: Client) -> None:
    use(meter, some(5, least=1_000_000))
    store([answer(meter, NOON - HOUR, {}, PERIOD[0] + 21 * DAY, PERIOD[1])])
    make_price(cast.team, "rax-4.5", FIRST)
    html = page(alice, f"?start={FIRST}&end=2026-11-23")
    assert 'at least</span> <span id="total-tokens"' in html
    assert 'at least</span> <span id="total-cost"' in html


@pytest.mark.parametrize("query", ["?period=30d&by=member", "?period=30d&filter.source=playground"])
def test_own_runs_have_prices_of_input_and_output(
    cast: Cast, meter: Meter, alice: Client, query: str
) -> None:
    make_price(cast.team, "rax-4.5", FIRST, "900", input_per_million="1", output_per_million="10")
    make_price(cast.team, "rax-4.0", FIRST, "3")
    use(meter, some(6))
    for model, read, written in [("rax-4.5", 2_000_000, 500_000), ("rax-4.0", 1_000_000, 1_000_000)]:
        spend(cast.key, model, read, written)
    assert cost(page(alice, query)) == "≈ 13.00 USD"


def test_runs_that_no_provider_tells_of_are_priced_too(cast: Cast, alice: Client) -> None:
    make_meter(cast.key, NOON, status=Meter.Status.NO_USAGE)
    make_price(cast.team, "rax-4.5", FIRST, "900", input_per_million="1", output_per_million="10")
    spend(cast.key, "rax-4.5", 2_000_000, 500_000)
    assert cost(page(alice, "?period=30d")) == "≈ 7.00 USD"


def test_without_prices_and_told_costs_there_is_no_word_of_any_and_no_query(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    use(meter, some(8))
    PriceList.objects.create(team=cast.team, currency="EUR")
    make_price(cast.other_team, "rax-4.5", FIRST)
    with CaptureQueriesContext(connection) as queries:
        html = page(alice, ALL)
    assert "cost" not in html.partition('id="report"')[2].casefold()
    assert not [each for each in queries if '"usage_price"."per_million" AS' in each["sql"]]


def test_prices_take_a_query_and_one_for_the_keys_and_changes_none(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    use(meter, some(9))
    counts = []
    for changes in (0, 1, 8):
        for n in range(changes):
            Price.objects.filter(team=cast.team, valid_from=FIRST + 2 * n * DAY).delete()
            make_price(cast.team, "rax-4.5", FIRST + 2 * n * DAY, str(n + 1))
        if changes == 0:
            page(alice, ALL)
        elif changes == 8:
            use(make_meter(make_key(cast.team, cast.alice, "Other"), NOON), some(10))
        with CaptureQueriesContext(connection) as queries:
            page(alice, ALL)
        counts.append(len(queries))
    none, one, many = counts
    assert one == many <= none + 2


@pytest.mark.parametrize("view", ["bars", "cumulative"])
@pytest.mark.parametrize("by", ["model", "key", "owner,model", "label"])
def test_cost_takes_a_query_for_prices_alone_with_a_comparison(
    cast: Cast, meter: Meter, alice: Client, view: str, by: str
) -> None:
    use(meter, some(9, least=1_000))
    query = f"?start=2026-11-12&end=2026-11-18&compare=previous&by={by}&view={view}"
    page(alice, query)
    with CaptureQueriesContext(connection) as without:
        page(alice, query)
    make_price(cast.team, "rax-4.5", FIRST, "2")
    make_price(cast.team, "rax-4.5", FIRST + 9 * DAY, "3")
    for measure in ("tokens", "cost"):
        with CaptureQueriesContext(connection) as queries:
            html = page(alice, f"{query}&measure={measure}")
        assert 'id="total-cost"' in html
        assert len(queries) <= len(without) + 1, [each["sql"][:90] for each in queries]
