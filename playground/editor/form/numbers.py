"""Numbers as they are typed into the form. What could be read in two ways is not read at all."""

import re
from collections.abc import Sequence
from math import isfinite
from typing import Any

from django import forms
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator

NUMERIC = {"autocomplete": "off", "placeholder": "Not sent"}
DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")
# A thousand here, one and some thousandths there.
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")


class NumberField(forms.Field):
    """A number as it is typed, within bounds; empty means that it is not sent."""

    inputmode = ""

    def __init__(self, *, label: str, bounds: Sequence[BaseValidator], help_text: str, invalid: str) -> None:
        widget = forms.TextInput({**NUMERIC, "inputmode": self.inputmode})
        super().__init__(label=label, required=False, validators=bounds, widget=widget, help_text=help_text)
        self.invalid = invalid

    def to_python(self, value: Any) -> float | None:
        """Read a number."""
        typed = plain(value)
        return self.read(typed) if typed else None

    def read(self, typed: str) -> float:
        """Return the number that was typed. Raises `ValidationError` where it is none."""
        raise NotImplementedError


class DecimalField(NumberField):
    """A number as people write it, with a point or a decimal comma.

    A whole number stays whole: who types `0` sends `0`, and is shown it.
    """

    inputmode = "decimal"

    def __init__(self, *, least: float, most: float, label: str) -> None:
        words = f"{label} goes from {least:g} to {most:g}."
        super().__init__(
            label=label,
            bounds=[MinValueValidator(least, words), MaxValueValidator(most, words)],
            help_text=f"{least:g} to {most:g}",
            invalid=f"Write a number from {least:g} to {most:g}, such as 0.7.",
        )

    def read(self, typed: str) -> float:
        """Return the number that was typed."""
        if DECIMAL_COMMA.fullmatch(typed) and not THOUSANDS.fullmatch(typed):
            typed = typed.replace(",", ".")
        if not DECIMAL.fullmatch(typed):
            raise forms.ValidationError(two_ways(typed) or self.invalid, "invalid")
        number = int(typed) if WHOLE.fullmatch(typed) else float(typed)
        if not isfinite(number):
            raise forms.ValidationError(self.invalid, "invalid")
        return number or 0  # -0.0 is 0


class WholeNumberField(NumberField):
    """A number without a fraction, in plain digits."""

    inputmode = "numeric"

    def __init__(self, *, least: int, most: int, label: str) -> None:
        low = MinValueValidator(least, f"{label} is at least {least}.")
        super().__init__(
            label=label,
            bounds=[low, MaxValueValidator(most, f"{label} is at most {most:,}.")],
            help_text=f"{least} or more",
            invalid=f"Write a whole number, {least} or more, in digits alone, such as 1000.",
        )

    def read(self, typed: str) -> int:
        """Return the number that was typed."""
        if not WHOLE.fullmatch(typed):
            raise forms.ValidationError(self.invalid, "invalid")
        return int(typed)


def plain(value: Any) -> str:
    """Return what was typed without the space around it."""
    return "" if value is None else str(value).strip(" \t\r\n")


def two_ways(typed: str) -> str:
    """Return why a number with commas is none for us; empty where that is not what is wrong."""
    if not THOUSANDS.fullmatch(typed):
        return ""
    whole, *groups = typed.split(",")
    many = f"{whole}{''.join(groups)}"
    if len(groups) > 1:
        return f"Write {many}, without commas."
    return f"{typed} can be read in two ways: write {many}, or {float(f'{whole}.{groups[0]}'):g}."


def show_number(number: float | None) -> str:
    """Return a number as somebody would type it, 0 and not 0.0; nothing for none."""
    return "" if number is None else str(number).removesuffix(".0")
