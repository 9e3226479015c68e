"""The forms of prices: of which model, how much, from which day on."""

from decimal import Decimal
from typing import Any

from django import forms

from common.form_fields import DayField
from usage.books.answers.breakdown import is_reserved
from usage.models import Price
from usage.models.prices import PLACES
from usage.prices.money import CODE, USUAL, read_price
from usage.prices.pricing import Rate

# Of a million tokens; within the column, and in no currency a price.
MOST = 1_000_000
# In the order of `Rate`.
IN_AND_OUT = ("input_per_million", "output_per_million")
AMOUNTS = ("per_million", *IN_AND_OUT)
WANTS_BOTH = "Give a price for input and one for output, or neither."


class PriceField(forms.CharField):
    """A price of a million tokens, with a point or a comma."""

    def __init__(self, label: str, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(label=label, max_length=40, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        """Return the price, or None for an empty field that may be empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            price = read_price(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return self._bounded(price)

    def _bounded(self, price: Decimal) -> Decimal:
        if price > MOST:
            raise forms.ValidationError(f"A million tokens cost no more than {MOST:,}.")
        if price != round(price, PLACES):
            raise forms.ValidationError(f"A price has {PLACES} decimal places at most.")
        return price


class AmountsForm(forms.Form):
    """What a million tokens cost, from which day on."""

    per_million = PriceField(
        "Price per million tokens",
        help_text="For what the provider counts: it tells input and output together.",
        error_messages={"required": "Write what a million tokens cost; 0 where they are free."},
    )
    input_per_million = PriceField("Input, per million", required=False)
    output_per_million = PriceField(
        "Output, per million",
        required=False,
        help_text="For runs of raxdash’s own, which know both. Left empty, the price above holds.",
    )
    valid_from = DayField("From", help_text="The first day of it, in the team’s time zone.")

    field_order = ("model", *AMOUNTS, "valid_from")

    def clean(self) -> dict[str, Any]:
        """Ask for input and output together."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            missing = [name for name in IN_AND_OUT if data[name] is None]
            if len(missing) == 1:
                self.add_error(missing[0], WANTS_BOTH)
        return data

    @property
    def rate(self) -> Rate:
        """The price, once the form is valid."""
        return Rate(*(self.cleaned_data[name] for name in AMOUNTS))


class PriceForm(AmountsForm):
    """A price of a model."""

    model = forms.CharField(
        label="Model",
        max_length=200,
        widget=forms.TextInput(attrs={"list": "models", "autocomplete": "off", "spellcheck": "false"}),
        help_text="Its name as the provider tells it, letter by letter.",
        error_messages={"required": "Name a model."},
    )

    def clean_model(self) -> str:
        """Refuse names of lines that no model is."""
        name: str = self.cleaned_data["model"]
        if is_reserved(name):
            raise forms.ValidationError(f"{name} is no model: what it holds has no one price.")
        return name


class EndForm(forms.Form):
    """From which day on a model has no price."""

    day = DayField("No price from", help_text="The first day without one, in the team’s time zone.")


class CurrencyForm(forms.Form):
    """In which currency the prices are."""

    currency = forms.CharField(
        label="Currency",
        max_length=10,
        initial=USUAL,
        help_text="Its code of three letters, such as USD, EUR or KES.",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def clean_currency(self) -> str:
        """Read the code in small letters too."""
        code: str = self.cleaned_data["currency"].strip().upper()
        if not CODE.fullmatch(code):
            raise forms.ValidationError("Write the code of the currency: three letters, such as EUR.")
        return code


def initial_of(price: Price) -> dict[str, Any]:
    """What stands in the form of a price that is there."""
    return {name: plain(getattr(price, name)) for name in AMOUNTS} | {"valid_from": price.valid_from}


def plain(price: Decimal | None) -> str:
    """A price as it may be typed."""
    return "" if price is None else f"{price.normalize():f}"
