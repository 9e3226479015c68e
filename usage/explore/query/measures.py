"""What is counted: tokens, requests, cost. "Tokens a request" is derived from two of them, and no measure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from usage.claims import Unit
from usage.explore.query.dimensions import Dimension
from usage.ledger import COST, REQUESTS, TOKENS


class Format(StrEnum):
    """How an amount is written."""

    WHOLE = "whole"
    MONEY = "money"


class Additivity(StrEnum):
    """Over what amounts may be added: over time all of them may."""

    EVERYWHERE = "everywhere"
    # What a provider tells of cost knows no models: by model there is an estimate only.
    NOT_OVER_MODELS = "not over models"


@dataclass(frozen=True, slots=True)
class Trait:
    """What there is to know of a measure."""

    label: str
    unit: str
    format: Format
    additivity: Additivity


class Measure(StrEnum):
    """What can be asked for; its value is its word in an address."""

    TOKENS = "tokens"
    REQUESTS = "requests"
    COST = "cost"

    @property
    def label(self) -> str:
        """Its name, as a heading."""
        return TRAITS[self].label

    def name_in(self, unit: Unit) -> str:
        """Its name with what it is counted in: `Tokens`, `Estimated cost in EUR`."""
        if not unit.currency:
            return self.label
        about = f"Estimated {self.label.lower()}" if unit.is_estimate else self.label
        return f"{about} in {unit.currency}"

    def head(self, unit: Unit) -> str:
        """The same as the head of a column: `Tokens`, `Estimated, EUR`."""
        if not unit.currency:
            return self.label
        return f"{'Estimated' if unit.is_estimate else self.label}, {unit.currency}"

    @property
    def unit(self) -> str:
        """What one is called beside a number; empty for money, whose currency stands there."""
        return TRAITS[self].unit

    @property
    def format(self) -> Format:  # type: ignore[override]  # a measure is no text to be filled in
        """How an amount is written."""
        return TRAITS[self].format

    @property
    def additivity(self) -> Additivity:
        """Over what its amounts may be added."""
        return TRAITS[self].additivity

    def is_by_series(self, by: Collection[Dimension], unit: Unit) -> bool:
        """Tell whether it is known by series, where it is counted so: no provider tells its cost by model."""
        is_additive = self.additivity == Additivity.EVERYWHERE
        return is_additive or unit.is_estimate or Dimension.MODEL not in by

    @property
    def seen_as(self) -> "Measure":
        """What is counted where it is: a cost is known as far as the tokens are that it is of."""
        return Measure.TOKENS if self == Measure.COST else self

    def metrics(self, told: Iterable[str]) -> list[str]:
        """Those of the ledger's metrics that count it: of costs one for each currency."""
        return [metric for metric in told if metric == self or metric.startswith(f"{self}:")]


TRAITS = {
    Measure.TOKENS: Trait("Tokens", "tokens", Format.WHOLE, Additivity.EVERYWHERE),
    Measure.REQUESTS: Trait("Requests", "requests", Format.WHOLE, Additivity.EVERYWHERE),
    Measure.COST: Trait("Cost", "", Format.MONEY, Additivity.NOT_OVER_MODELS),
}

# The words of an address are those of the ledger.
assert (Measure.TOKENS.value, Measure.REQUESTS.value, Measure.COST.value) == (TOKENS, REQUESTS, COST)  # noqa: S101  once, on import


def tokens_a_request(tokens: int, requests: int) -> int | None:
    """How many tokens one request took on average; None where that says nothing."""
    return round(tokens / requests) if tokens > 0 and requests > 0 else None
