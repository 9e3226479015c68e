"""From tokens to money: each day by its own price, rounded once, to the last digit."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.ledger import UNATTRIBUTED
from usage.prices.pricing import PriceTable, Ran, Rate, Used, added, estimate
from usage.prices.words import without_words

D = Decimal
FIRST = date(2026, 11, 1)
TABLE = PriceTable(
    [
        ("rax-4.5", FIRST, Rate(D("2.5"), D("1"), D("4"))),
        ("rax-4.5", FIRST + timedelta(days=10), Rate(D("3"))),
        ("rax-4.5", FIRST + timedelta(days=20), None),
    ]
)


def used(tokens, day=FIRST, model="rax-4.5", key="a"):
    return Used(key, model, day, tokens)


class TestTable:
    @pytest.mark.parametrize(
        ("day", "price"), [(-1, None), (0, "2.5"), (9, "2.5"), (10, "3"), (19, "3"), (20, None), (999, None)]
    )
    def test_a_price_holds_until_the_next_row(self, day, price):
        rate = TABLE.on("rax-4.5", FIRST + timedelta(days=day))

        assert (rate and rate.per_million) == (price and D(price))

    def test_another_model_has_none(self):
        assert TABLE.on("rax-4.50", FIRST) is None

    def test_without_any_price_it_is_empty(self):
        assert not PriceTable([])
        assert not PriceTable([("rax-4.5", FIRST, None)])
        assert TABLE


class TestEstimate:
    def test_a_million_tokens_cost_the_price(self):
        assert estimate(TABLE, [used(1_000_000)], 2).total == D("2.50")

    def test_each_day_has_its_own_price(self):
        days = [used(1_000_000, FIRST + timedelta(days=day)) for day in (0, 10)]

        assert estimate(TABLE, days, 2).total == D("5.50")

    def test_it_is_rounded_once_for_a_key_and_a_model(self):
        days = [used(1_000, FIRST + timedelta(days=day)) for day in range(4)]

        assert estimate(TABLE, days, 2).lines == {("a", "rax-4.5"): D("0.01")}

    def test_a_column_adds_up(self):
        found = estimate(TABLE, [used(1_234, key=key) for key in "abcdefg"], 2)

        assert found.total == sum(found.lines.values())

    def test_runs_of_our_own_have_prices_of_input_and_output(self):
        assert estimate(TABLE, [Ran("a", "rax-4.5", FIRST, 1_000_000, 500_000)], 2).total == D("3.00")

    def test_without_those_the_price_of_all_tokens_holds(self):
        ran = Ran("a", "rax-4.5", FIRST + timedelta(days=10), 1_000_000, 500_000)

        assert estimate(TABLE, [ran], 2).total == D("4.50")

    def test_what_a_correction_took_back_costs_less_than_nothing(self):
        assert estimate(TABLE, [used(-2_000_000)], 2).total == D("-5.00")

    def test_currencies_without_small_coins_have_none(self):
        assert estimate(TABLE, [used(1_000_000)], 0).total == D("2")

    def test_the_largest_counters_lose_nothing(self):
        table = PriceTable([("m", FIRST, Rate(D("999999.999999")))])
        days = [Used("a", "m", FIRST + timedelta(days=day), 2**63 - 1) for day in range(400)]

        exact = Fraction(400 * (2**63 - 1) * 999_999_999_999, 10**12)
        assert abs(Fraction(estimate(table, days, 6).total) - exact) <= Fraction(1, 2 * 10**6)


class TestWithout:
    def test_a_model_without_a_price_is_named(self):
        found = estimate(TABLE, [used(1), used(5, model="rax-9")], 2)

        assert without_words(found) == "without rax-9, which has no price"

    def test_one_that_used_nothing_is_not(self):
        assert without_words(estimate(TABLE, [used(1), used(0, model="rax-9")], 2)) == ""

    def test_days_without_a_price_are_told(self):
        found = estimate(TABLE, [used(1), used(1, FIRST - timedelta(days=1))], 2)

        assert without_words(found) == "without the days on which rax-4.5 had no price"

    def test_of_many_the_first_are_named(self):
        found = estimate(TABLE, [used(1, model=f"m{number}") for number in range(5)], 2)

        assert without_words(found) == "without m0, m1, m2 and 2 other models, which have no price"

    def test_tokens_without_a_model_are_no_model(self):
        found = estimate(TABLE, [used(1, model=UNATTRIBUTED), used(1, model="rax-9")], 2)

        words = (
            "without rax-9, which has no price, and without the tokens that the provider names no model for"
        )
        assert without_words(found) == words


# What a second opinion is told: whole numbers of millionths, priced as fractions, in the plainest way.
MODELS, KEYS = ("rax-4.0", "rax-4.5", "rax-9"), ("a", "b")
DAYS = st.integers(0, 40).map(lambda day: FIRST + timedelta(days=day))
PRICES = st.decimals(0, 1_000, places=6)
ENTRIES = st.dictionaries(st.tuples(st.sampled_from(MODELS), DAYS), st.none() | PRICES, max_size=8)
AMOUNTS = st.lists(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(MODELS), DAYS, st.integers(-(10**6), 10**15)),
    max_size=30,
)


def price_on(entries, model, day):
    """The newest entry of a model that began by the day."""
    began = [since for name, since in entries if name == model and since <= day]
    return entries[model, max(began)] if began else None


def exact_lines(entries, amounts):
    lines: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for key, model, day, tokens in amounts:
        price = price_on(entries, model, day)
        if price is not None:
            lines[key, model] += Fraction(tokens) * Fraction(price) / 10**6
    return lines


def table_of(entries):
    return PriceTable(
        (model, day, None if price is None else Rate(price)) for (model, day), price in entries.items()
    )


class TestAnyTable:
    @given(ENTRIES, AMOUNTS)
    def test_every_line_is_the_exact_one_rounded_once(self, entries, amounts):
        found = estimate(table_of(entries), [Used(*each) for each in amounts], 2)
        expected = exact_lines(entries, amounts)

        assert found.lines.keys() == expected.keys()
        assert all(abs(Fraction(found.lines[line]) - expected[line]) <= Fraction(1, 200) for line in expected)
        assert found.total == sum(found.lines.values(), D(0))

    @given(ENTRIES, AMOUNTS)
    def test_single_days_add_up_to_the_month(self, entries, amounts):
        table = table_of(entries)
        whole = estimate(table, [Used(*each) for each in amounts], 12).total
        by_day = defaultdict(list)
        for each in amounts:
            by_day[each[2]].append(Used(*each))

        assert added(estimate(table, day, 12).total for day in by_day.values()) == whole

    @given(ENTRIES, AMOUNTS)
    def test_it_names_what_is_left_out(self, entries, amounts):
        found = estimate(table_of(entries), [Used(*each) for each in amounts], 2)
        left_out = {
            model for _, model, day, tokens in amounts if tokens and price_on(entries, model, day) is None
        }

        assert left_out == {*found.without, *found.partly}
        assert not {model for _, model in found.lines} & set(found.without)

    @given(
        st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia"]),
        st.integers(0, 800),
        st.lists(st.tuples(st.integers(-200, 200), st.integers(1, 10**12)), min_size=1),
    )
    def test_a_price_changes_at_midnight_of_the_teams_zone(self, name, day, quarters):
        zone = ZoneInfo(name)
        change = FIRST + timedelta(days=day)
        midnight = datetime.combine(change, datetime.min.time(), zone).astimezone(UTC)
        table = PriceTable([("m", change - timedelta(days=99), Rate(D(1))), ("m", change, Rate(D(10)))])
        instants = [(midnight + timedelta(minutes=15 * quarter), tokens) for quarter, tokens in quarters]

        found = estimate(
            table, [Used("a", "m", at.astimezone(zone).date(), tokens) for at, tokens in instants], 6
        )

        millions = sum(tokens * (10 if at >= midnight else 1) for at, tokens in instants)
        assert abs(Fraction(found.total) - Fraction(millions, 10**6)) <= Fraction(1, 2 * 10**6)
