"""What all that is shown cost: told by providers, or estimated by the team's own prices and said to be."""

import random
import re
import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from teams.models import Key
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD, id_of, page
from tests.usage.polled import answer, make_meter
from tests.usage.prices.priced import make_price
from usage.books.ingest import store
from usage.books.local_usage import record_local_usage
from usage.models import LocalUsage, Meter, PriceList

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 22)
DAYS = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
ALL = f"?start={FIRST}&end={LAST}"
ZONES = ["UTC", "Asia/Kathmandu", "America/New_York"]
MODELS = ["rax-4.0", "rax-4.5"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage.explore.views.timezone.now", lambda: NOON)


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.client("alice")


@pytest.fixture
def meter(cast: Cast) -> Meter:
    return make_meter(cast.key, NOON)


def use(meter: Meter, used: dict[date, dict[str, int]]) -> None:
    """Poll a meter at ten and at noon of its team's days, between which it uses something."""
    counters: dict[str, int] = defaultdict(int)
    answers = []
    for day in sorted(used):
        for hour in (10, 12):
            for model, tokens in used[day].items() if hour == 12 else ():
                counters[model] += tokens
            at = datetime.combine(day, time(hour), meter.team.zone)
            told_of = {model: (tokens, 1) for model, tokens in counters.items()}
            answers.append(answer(meter, at, told_of, *PERIOD))
    store(answers)


def some(seed: int, least: int = 1) -> dict[date, dict[str, int]]:
    """Tokens of two models on each day, in multiples of `least`."""
    chance = random.Random(seed)
    return {day: {model: least * chance.randrange(1, 90) for model in MODELS} for day in DAYS}


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def cost(html: str) -> str:
    """What the page says of the cost: its words, then its note."""
    found = re.search(r'<span id="total-cost"[^>]*>([^<]*)</span>', html)
    return found[1] if found else ""


def note(html: str) -> str:
    found = re.search(r'id="cost-note">(.*?)</div>', html)
    return re.sub("<[^>]*>", "", found[1]) if found else ""


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


def test_a_model_without_a_price_is_named_with_a_way_to_give_it_one(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    use(meter, some(4))
    make_price(cast.team, "rax-4.5", FIRST - DAY)
    html = page(alice, ALL)
    assert note(html).startswith("without rax-4.0, which has no price")
    assert 'href="/t/acme/usage/prices/"' in html.partition('id="cost-note"')[2].partition("</div>")[0]
    seen = page(cast.client("vera"), ALL)
    assert note(seen) == "without rax-4.0, which has no price"
    assert "<a" not in seen.partition('id="cost-note"')[2].partition("</div>")[0]


def test_an_estimate_is_as_sure_as_the_tokens(cast: Cast, meter: Meter, alice: Client) -> None:
    use(meter, some(5))
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


def spend(key: Key, model: str, read: int, written: int) -> None:
    record_local_usage(
        team_id=key.team_id,
        key_id=key.pk,
        member_id=key.owner_id,
        source=LocalUsage.Source.PLAYGROUND,
        run=uuid.uuid4(),
        model=model,
        prompt_tokens=read,
        completion_tokens=written,
        is_reported=True,
        at=NOON - 2 * DAY,
    )


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


def test_without_prices_and_told_costs_there_is_no_word_of_any_and_no_query(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    use(meter, some(8))
    PriceList.objects.create(team=cast.team, currency="EUR")
    make_price(cast.other_team, "rax-4.5", FIRST)
    with CaptureQueriesContext(connection) as queries:
        html = page(alice, ALL)
    assert "cost" not in html.partition('id="report"')[2].casefold()
    assert not [each for each in queries if "usage_price" in each["sql"] and "COUNT" not in each["sql"]]


def test_many_keys_and_changes_cost_no_query_more(cast: Cast, meter: Meter, alice: Client) -> None:
    use(meter, some(9))
    make_price(cast.team, "rax-4.5", FIRST)
    page(alice, ALL)
    with CaptureQueriesContext(connection) as few:
        page(alice, ALL)
    use(make_meter(make_key(cast.team, cast.alice, "Other"), NOON), some(10))
    for n in range(1, 9):
        make_price(cast.team, "rax-4.5", FIRST + 2 * n * DAY, str(n))
    with CaptureQueriesContext(connection) as many:
        page(alice, ALL)
    assert len(many) == len(few)
