"""How much more, or less, than before: as a number and as a percentage, as far as both are known. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor

from common.templatetags.numbers import grouped, percent
from usage.claims import MINUS, Amount, Sureness

NEW, GONE, SAME = "new", "gone", "±0"
# Of money that was no coin at one of both times, and something all the same.
NEARLY_SAME = "≈ ±0"
# A smaller part of a hundred is told with two places, and one still smaller says less than the number itself.
FEW, LEAST_PART = 0.1, 0.01


@dataclass(frozen=True, slots=True)
class Change:
    """An amount `now` beside the one `before`. What is not known of one of them makes the difference a lower
    bound, or leaves nothing to be said.
    """

    now: Amount
    before: Amount

    @property
    def difference(self) -> int | None:
        """How much more was used, less than zero for less; None where nobody can say."""
        found = self.now.certain - self.before.certain
        return found if self._is_known or self.is_least or self.is_about else None

    @property
    def is_least(self) -> bool:
        """Tell whether it is a lower bound: more may have been used now, or in what fell before."""
        sureness = self.now.sureness, self.before.sureness
        found = self.now.certain - self.before.certain
        grew = sureness == (Sureness.AT_LEAST, Sureness.KNOWN) and found > 0
        fell = sureness == (Sureness.KNOWN, Sureness.AT_LEAST) and found < 0
        return grew or fell

    @property
    def is_about(self) -> bool:
        """Tell whether it is more than what moments that nobody saw may hide, and no bound."""
        hidden = self.now.may_lack, self.before.may_lack
        if self._is_known or self.is_least or None in hidden:
            return False
        return abs(self.now.certain - self.before.certain) > sum(filter(None, hidden))

    @property
    def percentage(self) -> float | None:
        """The difference in parts of a hundred; None where there is none, or nothing to be a part of."""
        difference, whole = self.difference, self.before.certain
        return None if difference is None or whole <= 0 else 100 * difference / whole

    @property
    def words(self) -> str:
        """`+22.8 %`, `at least +22.8 %`, `≈ +22.8 %`, `new`, `+7`; empty where nothing can be said."""
        if self.difference is None:
            return ""
        if self.now.below or self.before.below:
            return self.number if self.difference else NEARLY_SAME
        if not self.before.certain:
            return NEW if self.difference > 0 else SAME if not self.difference else self.number
        if not self.now.certain and self._is_known:
            return GONE
        if self.percentage is None or self._is_tiny:
            return self.number
        return self._bounded(percent_words(self.percentage))

    @property
    def number(self) -> str:
        """`+11,566,937`, `at least −12`; empty where nothing can be said."""
        number = self.now.unit.number
        return "" if self.difference is None else self._bounded(signed(self.difference, number))

    @property
    def short(self) -> str:
        """`+11.6 M`, beside the percentage that says how sure it is; empty where that is none."""
        is_said = self.percentage is not None and not self._is_tiny
        return signed(self.difference or 0, self.now.unit.compact) if is_said else ""

    @property
    def _is_tiny(self) -> bool:
        return is_tiny(self.percentage or 0)

    @property
    def _is_known(self) -> bool:
        return self.now.is_known and self.before.is_known

    def _bounded(self, words: str) -> str:
        about = "\N{ALMOST EQUAL TO} " if self.is_about else ""
        return f"at least {words}" if self.is_least else f"{about}{words}"


def signed(amount: int, number: Callable[[int], str] = grouped) -> str:
    """`+1,500`, `−300`, `±0`, or with a number that is written otherwise: `+1.2 M`."""
    return f"{sign_of(amount)}{number(abs(amount))}"


def percent_words(share: float) -> str:
    """`+22.8 %`, `−3 %`: with its sign."""
    size = abs(share)
    if is_tiny(size - 100, FEW):
        # Cut, not rounded: less than all of it is never 100 %.
        return f"{sign_of(share)}{floor(100 * size) / 100:.2f} %"
    return f"{sign_of(share)}{f'{size:.2f} %' if is_tiny(share, FEW) else percent(size)}"


def is_tiny(share: float, least: float = LEAST_PART) -> bool:
    """Tell whether a percentage is of something, and too small to be told."""
    return 0 < abs(share) < least


def sign_of(amount: float) -> str:
    """What stands before an amount."""
    return "+" if amount > 0 else MINUS if amount < 0 else "±"
