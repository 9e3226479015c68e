"""Currencies, and amounts of money as people write and read them. Pure."""

import re
from decimal import Decimal

CODE = re.compile(r"[A-Z]{3}")
USUAL = "USD"
# How many decimal places a currency has, where these are not two (ISO 4217).
PLACES = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0
    ),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
TWO_WAYS = re.compile(r"\d{1,3}[.,]\d{3}(?:[.,]\d+)+|\d{1,3}(?:[.,]\d{3}){2,}|[1-9]\d{0,2},\d{3}")
NUMBER = re.compile(r"(\d+)(?:[.,](\d+))?|[.,](\d+)")


def places_of(currency: str) -> int:
    """How many decimal places amounts of a currency have."""
    return PLACES.get(currency, 2)


def money(amount: Decimal, currency: str) -> str:
    """`1,234.50 EUR`."""
    return f"{amount:,.{places_of(currency)}f} {currency}"


def fine_money(amount: Decimal, currency: str) -> str:
    """The same of an amount that may be less than a coin, with two digits of it: `0.00025 EUR`."""
    places = places_of(currency)
    if not amount or abs(amount) >= 1:
        return money(amount, currency)
    return f"{_trimmed(f'{amount:.{max(places, 1 - amount.adjusted())}f}', places)} {currency}"


def told_words(millionths: int, currency: str) -> str:
    """What a provider told, to its last digit: `14.125 EUR`."""
    return f"{price_words(Decimal(millionths).scaleb(-6))} {currency}"


def price_words(price: Decimal | None) -> str:
    """A price with two decimal places at least, and no zeros after these; a dash for none."""
    if price is None:
        return "–"
    return _trimmed(f"{price:,.6f}", 2)


def _trimmed(text: str, places: int) -> str:
    """A number without the zeros at its end, but for so many decimal places."""
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(places, "0")
    return f"{whole}.{fraction}" if fraction else whole


def read_price(text: str) -> Decimal:
    """A price as somebody wrote it, with a point or a comma. Raises `ValueError`, in words."""
    written = text.strip().replace("\N{MINUS SIGN}", "-")
    if written.startswith("-"):
        raise ValueError("A price cannot be negative.")
    if TWO_WAYS.fullmatch(written):
        raise ValueError(f"{written} can be read in two ways. Write it without marks between thousands.")
    found = NUMBER.fullmatch(written)
    if not found or not written.isascii():
        raise ValueError("That is not a price. Write a number such as 2.50, without a currency.")
    return Decimal(f"{found[1] or 0}.{found[2] or found[3] or 0}")
