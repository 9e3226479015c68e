"""From tokens by day and model to money, exactly. Pure.

Every day is priced by the price of that day; what a key used of a model is rounded once, after its days are
added. So a column adds up, and no share of a unit is lost with each day.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, NamedTuple

MILLION = Decimal(1_000_000)
# A counter of 19 digits by a price of 13 has 32, and days are added to days: nothing is ever cut off.
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of a million tokens: of counters, and of input and output where these have their own."""

    per_million: Decimal
    input_per_million: Decimal | None = None
    output_per_million: Decimal | None = None

    def cost(self, tokens: int) -> Decimal:
        """What so many tokens cost, of which it is not known how many were read and how many written."""
        return _cost(tokens, self.per_million)

    def cost_of_run(self, read: int, written: int) -> Decimal:
        """What a run cost: input and output apart, where they have prices of their own."""
        if self.input_per_million is None or self.output_per_million is None:
            return self.cost(read + written)
        return EXACT.add(_cost(read, self.input_per_million), _cost(written, self.output_per_million))


class Used(NamedTuple):
    """What counters tell that a key used of a model on a local day of the team."""

    key: Hashable
    model: str
    day: date
    tokens: int

    def cost(self, rate: Rate) -> Decimal:
        """What it cost."""
        return rate.cost(self.tokens)


class Ran(NamedTuple):
    """What raxdash itself ran with a key and a model on a local day of the team."""

    key: Hashable
    model: str
    day: date
    input_tokens: int
    output_tokens: int

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def cost(self, rate: Rate) -> Decimal:
        """What it cost."""
        return rate.cost_of_run(self.input_tokens, self.output_tokens)


def _cost(tokens: int, per_million: Decimal) -> Decimal:
    return EXACT.divide(EXACT.multiply(Decimal(tokens), per_million), MILLION)


class PriceTable:
    """The prices of a team: of each model what holds from a day on, or that nothing does."""

    def __init__(self, dated: Iterable[tuple[str, date, Rate | None]]) -> None:
        self._days: dict[str, list[date]] = defaultdict(list)
        self._rates: dict[str, list[Rate | None]] = defaultdict(list)
        for model, day, rate in sorted(dated, key=lambda entry: entry[:2]):
            self._days[model].append(day)
            self._rates[model].append(rate)

    def __bool__(self) -> bool:
        """Tell whether there is any price at all."""
        return any(rate is not None for rates in self._rates.values() for rate in rates)

    def changes(self, models: Iterable[str]) -> list[date]:
        """The days on which the price of some of the models begins, changes or ends."""
        return sorted({day for model in models for day in self._days.get(model, ())})

    def rates_on(self, day: date) -> dict[str, Rate]:
        """The price of each model that has one on a day."""
        return {model: rate for model in self._days if (rate := self.on(model, day))}

    def on(self, model: str, day: date) -> Rate | None:
        """The price of a model on a day."""
        place = bisect_right(self._days.get(model, ()), day)
        return self._rates[model][place - 1] if place else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What usage cost: `lines` is {(key, model): amount}, each rounded once. Of `without` nothing is in it:
    these models have no price; of `partly` what was used on days without one is not. `exact` are the lines
    as they are before that.
    """

    lines: Mapping[tuple[Any, str], Decimal]
    without: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    exact: Mapping[tuple[Any, str], Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """The sum of all lines."""
        return added(self.lines.values())


def estimate(table: PriceTable, used: Iterable[Used | Ran], places: int) -> Estimate:
    """Price what was used, day by day; lines have so many decimal places."""
    lines: dict[tuple[Hashable, str], Decimal] = {}
    priced, unpriced = set(), set()
    for each in used:
        rate = table.on(each.model, each.day)
        if rate is not None:
            line = each.key, each.model
            lines[line] = EXACT.add(lines.get(line, NOTHING), each.cost(rate))
            priced.add(each.model)
        elif each.tokens:
            unpriced.add(each.model)
    return Estimate(
        {line: rounded(amount, places) for line, amount in lines.items()},
        without=tuple(sorted(unpriced - priced)),
        partly=tuple(sorted(unpriced & priced)),
        exact=lines,
    )


def added(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts, to the last digit."""
    total = NOTHING
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def rounded(amount: Decimal, places: int) -> Decimal:
    """An amount with so many decimal places; halves go to the even digit, so that they favour nobody."""
    return amount.quantize(Decimal(1).scaleb(-places), context=EXACT)
