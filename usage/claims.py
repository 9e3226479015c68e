"""What may be said of an amount: it is known, known in part, not known, or still to come. Never a zero for
what nobody saw.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Sureness(StrEnum):
    """How far an amount is known."""

    KNOWN = "known"
    AT_LEAST = "at least"
    UNKNOWN = "unknown"
    TO_COME = "to come"


@dataclass(frozen=True, slots=True)
class Amount:
    """`certain` was used, and up to `more` beside it may have been. Made by the functions below."""

    sureness: Sureness
    certain: int = 0
    more: int = 0

    def __str__(self) -> str:
        """`1,500`, `at least 1,500`, or a dash where there is nothing to be said."""
        match self.sureness:
            case Sureness.KNOWN:
                return f"{self.certain:,}"
            case Sureness.AT_LEAST:
                return f"at least {self.certain:,}"
        return "–"

    @property
    def is_known(self) -> bool:
        """Tell whether the amount is exact."""
        return self.sureness == Sureness.KNOWN

    @property
    def is_unknown(self) -> bool:
        """Tell whether nothing is known of it."""
        return self.sureness == Sureness.UNKNOWN

    @property
    def drawn(self) -> int | None:
        """The height of its bar; None where there is none."""
        return self.certain if self.sureness in {Sureness.KNOWN, Sureness.AT_LEAST} else None


UNKNOWN = Amount(Sureness.UNKNOWN)
TO_COME = Amount(Sureness.TO_COME)


def known(amount: int) -> Amount:
    """Exactly so much."""
    return Amount(Sureness.KNOWN, amount)


def at_least(certain: int, up_to_more: int = 0) -> Amount:
    """So much for certain. Where that is nothing, there is nothing to be said: no zero."""
    if not certain:
        return Amount(Sureness.UNKNOWN, more=up_to_more)
    return Amount(Sureness.AT_LEAST, certain, up_to_more)


def claimed(sureness: Sureness, certain: int, up_to_more: int = 0) -> Amount:
    """An amount that is known so far; what may be more makes it a lower bound."""
    if up_to_more:
        return at_least(certain, up_to_more)
    match sureness:
        case Sureness.KNOWN:
            return known(certain)
        case Sureness.AT_LEAST:
            return at_least(certain)
    return Amount(sureness)


def surest(surenesses: Iterable[Sureness]) -> Sureness:
    """How far a sum is known, by its parts; what is to come is no part of it."""
    parts = set(surenesses) - {Sureness.TO_COME}
    if len(parts) > 1:
        return Sureness.AT_LEAST
    return next(iter(parts), Sureness.TO_COME)


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts: at least what is certain where one of them is not known."""
    parts = list(amounts)
    sureness = surest(amount.sureness for amount in parts)
    certain, more = sum(amount.certain for amount in parts), sum(amount.more for amount in parts)
    return known(certain) if sureness == Sureness.KNOWN else _part(sureness, certain, more)


def _part(sureness: Sureness, certain: int, more: int) -> Amount:
    return TO_COME if sureness == Sureness.TO_COME else at_least(certain, more)
