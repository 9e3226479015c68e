"""Numbers are read as people write them, and what could be read in two ways is told in words."""

import pytest
from django.core.exceptions import ValidationError

from playground.editor.form.numbers import DecimalField, WholeNumberField, show_number

TEMPERATURE = DecimalField(least=0, most=2, label="Temperature")
MAX_TOKENS = WholeNumberField(least=1, most=1_000, label="Max tokens")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        ("1", 1),
        ("0.70", 0.7),
        ("1e-1", 0.1),
        (".5", 0.5),
        ("1.", 1.0),
        ("0,5", 0.5),
        ("0,125", 0.125),
        ("1.000", 1.0),
        (" 0.2 ", 0.2),
        ("-0.0", 0),
        ("", None),
        ("  ", None),
    ],
)
def test_a_decimal_number_is_read(typed: str, number: float | None) -> None:
    read = TEMPERATURE.clean(typed)
    assert read == number
    assert not str(read).startswith("-")


def test_a_whole_number_stays_whole() -> None:
    assert (str(TEMPERATURE.clean("0")), str(TEMPERATURE.clean("1.5"))) == ("0", "1.5")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1,000", "1,000 can be read in two ways: write 1000, or 1."),
        ("1,500", "write 1500, or 1.5."),
        ("1,000,000", "Write 1000000, without commas."),
        ("1 000", "Write a number from 0 to 2"),
        ("1.000,5", "Write a number"),
        ("１", "Write a number"),
        ("٠٫٥", "Write a number"),
        ("1_0", "Write a number"),
        ("0x1", "Write a number"),
        ("nan", "Write a number"),
        ("inf", "Write a number"),
        ("1e999", "Write a number"),
        ("½", "Write a number"),
        ("--1", "Write a number"),
        ("-1", "Temperature goes from 0 to 2."),
        ("9" * 5_000, "Write a number"),
    ],
)
def test_what_is_no_decimal_number_is_told(typed: str, words: str) -> None:
    with pytest.raises(ValidationError) as problem:
        TEMPERATURE.clean(typed)
    assert words in problem.value.messages[0]


@pytest.mark.parametrize("typed", ["1,000", "1 000", "1.5", "1e3", "１２", "1_0", "0x10", "nan", "9" * 5_000])
def test_what_is_no_whole_number_is_told(typed: str) -> None:
    with pytest.raises(ValidationError, match="Write a whole number"):
        MAX_TOKENS.clean(typed)


def test_a_whole_number_is_read_and_bounded() -> None:
    assert MAX_TOKENS.clean("64") == 64
    assert MAX_TOKENS.clean("") is None
    with pytest.raises(ValidationError, match="at most 1,000"):
        MAX_TOKENS.clean("1001")


@pytest.mark.parametrize(
    ("number", "shown"), [(0.0, "0"), (0, "0"), (1.0, "1"), (0.25, "0.25"), (1e-7, "1e-07"), (None, "")]
)
def test_a_number_is_shown_as_one_would_type_it(number: float | None, shown: str) -> None:
    assert show_number(number) == shown
    assert TEMPERATURE.clean(shown) == number
