"""Amounts of money as people write and read them."""

from decimal import Decimal

import pytest

from usage.prices.money import fine_money, money, places_of, price_words, read_price


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        (" 2,50 ", "2.5"),
        ("0", "0"),
        (",5", "0.5"),
        (".125", "0.125"),
        ("0,125", "0.125"),
        ("1.000", "1"),
        ("12345", "12345"),
        ("0,000001", "0.000001"),
        ("1234,5", "1234.5"),
    ],
)
def test_a_price_is_read_with_a_point_or_a_comma(text, price):
    assert read_price(text) == Decimal(price)


@pytest.mark.parametrize("text", ["-1", "-0,5", "\N{MINUS SIGN}2", "-x"])
def test_a_negative_one_is_refused_as_such(text):
    with pytest.raises(ValueError, match="cannot be negative"):
        read_price(text)


@pytest.mark.parametrize("text", ["1,000", "12,500", "1,234.50", "1.234,50", "1.234.567", "1,234,567"])
def test_one_that_can_be_read_in_two_ways_is_refused(text):
    with pytest.raises(ValueError, match="two ways"):
        read_price(text)


@pytest.mark.parametrize(
    "text", ["x", "2 €", "$2", "1 000", "1e3", "NaN", "Infinity", "1..2", ".", ",", "+2", "٢", "0x1", "2_0"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="not a price"):
        read_price(text)


@pytest.mark.parametrize(
    ("price", "words"),
    [
        ("2.5", "2.50"),
        ("2.500000", "2.50"),
        ("0", "0.00"),
        ("0.000001", "0.000001"),
        ("1234.125", "1,234.125"),
        ("1000000", "1,000,000.00"),
    ],
)
def test_a_price_is_told_without_needless_zeros(price, words):
    assert price_words(Decimal(price)) == words


def test_amounts_have_the_places_of_their_currency():
    assert money(Decimal("1234.5"), "EUR") == "1,234.50 EUR"
    assert money(Decimal(1234), "JPY") == "1,234 JPY"
    assert money(Decimal("1.5"), "KWD") == "1.500 KWD"
    assert [places_of(code) for code in ("USD", "KES", "ZZZ")] == [2, 2, 2]


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("0", "EUR", "0.00 EUR"),
        ("0.000254", "EUR", "0.00025 EUR"),
        ("0.0000996", "EUR", "0.0001 EUR"),
        ("0.1", "EUR", "0.10 EUR"),
        ("0.125", "EUR", "0.12 EUR"),
        ("0.999", "EUR", "1.00 EUR"),
        ("12.3456", "EUR", "12.35 EUR"),
        ("0.5", "JPY", "0.5 JPY"),
        ("0.999", "JPY", "1 JPY"),
        ("1234.5", "KWD", "1,234.500 KWD"),
    ],
)
def test_less_than_a_coin_has_two_digits_that_say_something(amount, currency, words):
    assert fine_money(Decimal(amount), currency) == words
