"""Numbers as they are typed into the form. What could be read in two ways is not read at all."""

import re
from math import isfinite
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

NUMERIC = {"autocomplete": "off", "placeholder": "Not sent"}
DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")
# A thousand here, one and some thousandths there.
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")


class DecimalField(forms.Field):
    """A number as people write it, with a point or a decimal comma; empty means that it is not sent.

    A whole number stays whole: who types `0` sends `0`, and is shown it.
    """

    def __init__(self, *, least: float, most: float, label: str) -> None:
        words = f"{label} goes from {least:g} to {most:g}."
        validators = [MinValueValidator(least, words), MaxValueValidator(most, words)]
        widget = forms.TextInput({**NUMERIC, "inputmode": "decimal"})
        help_text = f"{least:g} to {most:g}"
        super().__init__(
            label=label, required=False, validators=validators, widget=widget, help_text=help_text
        )
        self.invalid = f"Write a number from {least:g} to {most:g}, such as 0.7."

    def to_python(self, value: Any) -> float | None:
        """Read a number."""
        typed = plain(value)
        if not typed:
            return None
        if DECIMAL_COMMA.fullmatch(typed) and not THOUSANDS.fullmatch(typed):
            typed = typed.replace(",", ".")
        if not DECIMAL.fullmatch(typed):
            raise forms.ValidationError(two_ways(typed) or self.invalid, "invalid")
        number = int(typed) if WHOLE.fullmatch(typed) else float(typed)
        if not isfinite(number):
            raise forms.ValidationError(self.invalid, "invalid")
        return number or 0  # -0.0 is 0


class WholeNumberField(forms.Field):
    """A number without a fraction, in plain digits; empty means that it is not sent."""

    def __init__(self, *, least: int, most: int, label: str) -> None:
        validators = [
            MinValueValidator(least, f"{label} is at least {least}."),
            MaxValueValidator(most, f"{label} is at most {most:,}."),
        ]
        widget = forms.TextInput({**NUMERIC, "inputmode": "numeric"})
        help_text = f"{least} or more"
        super().__init__(
            label=label, required=False, validators=validators, widget=widget, help_text=help_text
        )
        self.invalid = f"Write a whole number, {least} or more, in digits alone, such as 1000."

    def to_python(self, value: Any) -> int | None:
        """Read a number."""
        typed = plain(value)
        if not typed:
            return None
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
