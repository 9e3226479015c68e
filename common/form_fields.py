"""Fields of forms, and checks of what was typed, that several apps ask for."""

import re
from datetime import date
from typing import Any

from django import forms

CONTROLS = re.compile(r"[\x01-\x1f\x7f-\x9f\u2028\u2029]+")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class DayField(forms.DateField):
    """A day in the browser's own field; days on which no team used or noted anything are refused."""

    def __init__(self, label: str, **options: Any) -> None:
        limits = {"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()}
        super().__init__(
            label=label,
            widget=forms.DateInput(format="%Y-%m-%d", attrs=limits),
            input_formats=["%Y-%m-%d"],
            error_messages={
                "required": "Choose a day.",
                "invalid": "That is not a day. Write one such as 2026-11-24.",
            },
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return the day, or None for an empty field that may be empty."""
        day = super().clean(value)
        if day and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(f"Choose a day from {EARLIEST.year} to {LATEST.year}.")
        return day


class NameField(forms.CharField):
    """What somebody calls something: a line. Line ends, which browsers never send of one, and what steers a
    terminal become spaces: names stand in mails' subjects, in logs, and in cells of spreadsheets. Of one of
    which nothing can be seen nothing is left.
    """

    def to_python(self, value: Any) -> Any:
        """Return the name as a line."""
        name = super().to_python(value)
        if not isinstance(name, str):
            return name
        line = CONTROLS.sub(" ", name).strip()
        return line if is_visible(line) else self.empty_value


def is_visible(text: str) -> bool:
    """Tell whether anything of a text can be seen."""
    return any(sign.isprintable() and sign != " " for sign in text)
