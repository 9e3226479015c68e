"""What may be said of an amount: it is known, known in part, not known, or still to come. Never a zero for
what nobody saw.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Self

from common.templatetags.numbers import compact, grouped

# What stands behind the name or currency of costs that nobody told; files that were exported are read by it.
IS_ESTIMATE = ", estimated"


MINUS = "\N{MINUS SIGN}"


class Sureness(StrEnum):
    """How far an amount is known."""

    KNOWN = "known"
    AT_LEAST = "at least"
    UNKNOWN = "unknown"
    TO_COME = "to come"


@dataclass(frozen=True, slots=True)
class Unit:
    """What one is of what is counted. Money is counted in the smallest coins of a `currency`, of which
    `10 ** places` are one; with `is_estimate` nobody told it.
    """

    places: int = 0
    currency: str = ""
    is_estimate: bool = False

    def number(self, amount: int, below: int = 0) -> str:
        """`1,500`, `15.00`, `−3`; `< 0.01` of what is no coin, and something that is `below` one."""
        if below and not amount:
            return f"{'<' if below > 0 else '>'} {self.number(below)}"
        text = f"{self.value(amount):,f}" if self.places else grouped(amount)
        return text.replace("-", MINUS)

    def words(self, amount: int, below: int = 0) -> str:
        """The same with its currency, and that it is an estimate: `1,500`, `≈ 15.00 EUR`, `< 0.01 EUR`."""
        about = "\N{ALMOST EQUAL TO} " if self.is_estimate and (amount or not below) else ""
        return f"{about}{self.number(amount, below)}{f' {self.currency}' if self.currency else ''}"

    def compact(self, amount: int) -> str:
        """Three digits of large amounts, all of small ones: `1.2 M`, `0.05`."""
        value = self.value(amount)
        return compact(int(value)) if abs(value) >= 1000 or value == int(value) else f"{value:f}"

    def value(self, amount: int) -> Decimal:
        """The same to be reckoned with: `15.00`, no matter how many digits."""
        # Made of digits: no context rounds it, however many there are.
        sign, digits, _ = Decimal(amount).as_tuple()
        return Decimal((sign, digits, -self.places))

    def told(self, amount: int) -> int | str:
        """The same for programs: money as a text of all its digits, all else as a number."""
        return str(self.value(amount)) if self.places else amount


COUNT = Unit()


@dataclass(frozen=True, slots=True)
class Amount:
    """`certain` was used, and up to `more` beside it may have been. Made by the functions below.

    `unseen` is the part of its time in which more may have been used, 0 to 1; None where nobody can say. Of
    money that comes to no coin, and is something all the same, `below` is what it does not reach.
    """

    sureness: Sureness
    certain: int = 0
    more: int = 0
    unit: Unit = COUNT
    unseen: float | None = field(default=None, compare=False)
    below: int = 0

    def unseen_in(self, share: float) -> Self:
        """The same amount, of a time of which more may have been used in this part."""
        # Of thousands of series: `replace` takes five times as long.
        return type(self)(self.sureness, self.certain, self.more, self.unit, share, self.below)

    def __str__(self) -> str:
        """`1,500`, `at least 1,500`, or a dash where there is nothing to be said."""
        return self._said(self.number)

    @property
    def number(self) -> str:
        """What is certain, as a number alone."""
        return self.unit.number(self.certain, self.below)

    @property
    def words(self) -> str:
        """The same as its text, with its currency: `at least 15.00 EUR`."""
        return self._said(self.amount)

    @property
    def amount(self) -> str:
        """What is certain, with its currency: `15.00 EUR`."""
        return self.unit.words(self.certain, self.below)

    def _said(self, certain: str) -> str:
        match self.sureness:
            case Sureness.KNOWN:
                return certain
            case Sureness.AT_LEAST:
                return f"at least {certain}"
        return "–"

    def percentage_of(self, whole: int) -> float | None:
        """What is certain in parts of a hundred of a whole; None where there is none, or nobody can say."""
        if not whole or self.is_unknown:
            return None
        share = 100 * (self.certain or self.below) / whole
        # Of less than a coin is known what it does not reach, which says something of very much alone.
        return None if self.below and share >= TELLING else share

    @property
    def is_known(self) -> bool:
        """Tell whether the amount is exact."""
        return self.sureness == Sureness.KNOWN

    @property
    def may_lack(self) -> int | None:
        """About how much is not in what is certain: nothing where that is known, as much as was used in time
        of its length where moments were not seen; None where that would be a guess.
        """
        if self.is_known:
            return 0
        is_nearly = self.unseen is not None and 0 < self.unseen <= MOMENTS
        if self.sureness == Sureness.TO_COME or not is_nearly:
            return None
        return self.more + ceil(abs(self.certain) * (self.unseen or 0))

    @property
    def is_unknown(self) -> bool:
        """Tell whether nothing is known of it."""
        return self.sureness == Sureness.UNKNOWN

    @property
    def drawn(self) -> int | None:
        """The height of its bar; None where there is none."""
        return self.certain if self.sureness in {Sureness.KNOWN, Sureness.AT_LEAST} else None


# Of a smaller percentage it is said that it is smaller.
TELLING = 0.1
# A part of the time that says little beside all of it, such as the seconds before each midnight.
MOMENTS = 0.005

UNKNOWN = Amount(Sureness.UNKNOWN)
TO_COME = Amount(Sureness.TO_COME)


def known(amount: int, unit: Unit = COUNT, below: int = 0) -> Amount:
    """Exactly so much; where that is no coin, `below` is more than it is."""
    return Amount(Sureness.KNOWN, amount, unit=unit, below=0 if amount else below)


def at_least(certain: int, up_to_more: int = 0, unit: Unit = COUNT) -> Amount:
    """So much for certain. Where that is nothing, there is nothing to be said: no zero."""
    if not certain:
        return Amount(Sureness.UNKNOWN, more=up_to_more, unit=unit)
    return Amount(Sureness.AT_LEAST, certain, up_to_more, unit)


def claimed(
    sureness: Sureness, certain: int, up_to_more: int = 0, unit: Unit = COUNT, below: int = 0
) -> Amount:
    """An amount that is known so far; what may be more makes it a lower bound."""
    if up_to_more:
        return at_least(certain, up_to_more, unit)
    match sureness:
        case Sureness.KNOWN:
            return known(certain, unit, below)
        case Sureness.AT_LEAST:
            return at_least(certain, unit=unit)
    return Amount(sureness, unit=unit)


def surest(surenesses: Iterable[Sureness]) -> Sureness:
    """How far a sum is known, by its parts; what is to come is no part of it."""
    parts = set(surenesses) - {Sureness.TO_COME}
    if len(parts) > 1:
        return Sureness.AT_LEAST
    return next(iter(parts), Sureness.TO_COME)


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts of one unit: at least what is certain where one of them is not known."""
    parts = list(amounts)
    unseen = [amount.unseen for amount in parts if not amount.is_known]
    sureness = surest(amount.sureness for amount in parts)
    certain, more = sum(amount.certain for amount in parts), sum(amount.more for amount in parts)
    unit = parts[0].unit if parts else COUNT
    if sureness == Sureness.KNOWN:
        return known(certain, unit, sum(amount.below for amount in parts))
    share = None if None in unseen else max((each for each in unseen if each is not None), default=None)
    return replace(_part(sureness, certain, more, unit), unseen=share)


def _part(sureness: Sureness, certain: int, more: int, unit: Unit) -> Amount:
    return TO_COME if sureness == Sureness.TO_COME else at_least(certain, more, unit)
