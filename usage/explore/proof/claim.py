"""What a page claims of its sum, period by period: "matches the provider", or why not. Only words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from usage.claims import COUNT, Unit
from usage.explore.proof.reasons import time_words
from usage.explore.reading.lapses import Lapse
from usage.explore.remarks.noted import counted

BEFORE_FALL = "what the provider said before its counter fell"


@dataclass(frozen=True, slots=True)
class Proof:
    """One billing period of some meters. `told` is the sum of what the provider said of it last, `shown` what
    the page shows, where the span holds all of it in whole buckets. `tail` is the longest time at its end,
    unseen by anybody, of any meter; `is_exact` is false where its boundary moved. `began_again` says that
    somebody said so of a counter within it: what was told before and since is one sum.
    `is_fallen` says that a counter fell in it, and it is waited whether that stays; `is_within` that
    all of it lies in the span, though it may not stand there by itself. Of money, which is rounded by
    key, it is told in coins of a `unit`; `not_told` says that it was first told within the period.
    `here` is as much as the page shows of it, where that stands there by itself; `is_tail_shown` says that
    the page shows some of the `tail`.
    """

    label: str
    meters: int
    told: int
    shown: int | None
    unattributed: int
    tail: timedelta
    is_exact: bool
    began_again: bool = False
    is_fallen: bool = False
    is_within: bool = False
    unit: Unit = COUNT
    not_told: bool = False
    here: int | None = None
    is_tail_shown: bool = True

    @property
    def matches(self) -> bool:
        """Tell whether what is shown is what the provider says, to the token or a coin a key, and all."""
        is_whole = not self.tail and self.is_exact and not self.not_told
        return self.shown is not None and abs(self.shown - self.told) <= self.leeway and is_whole

    @property
    def is_good_part(self) -> bool:
        """Tell whether the page shows a part of it, and nothing speaks against that part."""
        is_seen = not (self.tail and self.is_tail_shown) and self.is_exact
        is_possible = self.here is None or self.here <= self.told + self.leeway
        return self.shown is None and is_seen and is_possible and not self.not_told

    @property
    def leeway(self) -> int:
        """By how many coins a sum may differ, as each key is rounded by itself; none of what is counted."""
        return self.meters if self.unit.currency else 0

    @property
    def rounding(self) -> str:
        """To what it was compared: ` to 0.01 EUR a key`; empty for what is counted."""
        if not self.unit.currency:
            return ""
        return f" to {self.unit.words(1)}{' a key' if self.meters > 1 else ''}"

    @property
    def told_words(self) -> str:
        """What the provider said: `1,500`, `15.00 EUR`."""
        return self.unit.words(self.told)

    @property
    def shown_words(self) -> str:
        """What is shown; empty where it does not stand by itself."""
        return "" if self.shown is None else self.unit.words(self.shown)

    @property
    def unseen(self) -> str:
        """The time at its end that nobody saw, `10 s`; empty where there is none."""
        return time_words(self.tail) if self.tail else ""

    @property
    def words(self) -> str:
        """What there is to be said of it beside its numbers."""
        if not self.is_exact:
            return "the provider moved its boundary: at least so much was used"
        tail = self.tail and self.is_tail_shown
        if tail and self.began_again:
            return f"at least: nobody saw the {self.unseen} before its counter began again"
        if tail:
            return f"at least; its last {self.unseen} {'was' if self.unseen == '1 s' else 'were'} not seen"
        if self.shown is None:
            return "not shown by itself; its proof adds it up" if self.is_within else self._part
        if self.not_told:
            return "told for the first time within it, and shown since then"
        if self.is_fallen and self.matches:
            return f"matches {BEFORE_FALL}{self.rounding}"
        return (
            f"matches the provider{self.rounding}" if self.matches else "differs from what the provider says"
        )

    @property
    def _part(self) -> str:
        if self.here is None:
            return "only a part of it is shown"
        return f"{self.unit.words(self.here)} of {'it' if self.unit.currency else 'them'} in the time shown"


class Rose(StrEnum):
    """Whether what is shown is just as much as the providers' counters rose by, in words."""

    NOT_SAID = ""
    EXACTLY = "the provider’s counters rose by as much"
    ABOUT = "the provider’s counters rose by about as much"


@dataclass(frozen=True, slots=True)
class Agreement:
    """All periods that a span touches, newest first, and what they say of the sum of the whole span. With
    `is_late` or `is_least` more may have been used than was said; `is_fallen` says that a counter of which it
    holds the newest time fell, and is waited for, `has_own` that the sum holds what raxdash itself ran.
    `lapses` are the ends of periods that nobody saw; `rose` says whether it is what counters rose by.
    """

    proofs: Sequence[Proof]
    metric: str
    is_covered: bool
    is_late: bool
    is_least: bool = False
    is_fallen: bool = False
    has_own: bool = False
    lapses: Sequence[Lapse] = ()
    rose: Rose = Rose.NOT_SAID

    @property
    def matches(self) -> bool:
        """Tell whether all that is shown is what the provider says, and nothing is to be added to that."""
        has_doubts = self.is_late or self.is_least or self.is_fallen or self.has_own or not self.is_covered
        are_told = all(proof.matches and proof.unattributed >= 0 for proof in self.proofs)
        return bool(self.proofs) and are_told and not has_doubts

    @property
    def rises(self) -> bool:
        """Tell whether it is as much as counters rose by, though periods are shown in part."""
        is_part = any(not proof.matches for proof in self.proofs)
        are_good = all(proof.matches or proof.is_good_part for proof in self.proofs)
        has_doubts = self.is_late or self.is_fallen or self.has_own
        return bool(self.rose) and is_part and are_good and not has_doubts

    @property
    def words(self) -> str:
        """The claim, about exactly what is shown; empty where there is none."""
        if not self.proofs:
            return ""
        residual = sum(proof.unattributed for proof in self.proofs)
        if any(proof.unattributed < 0 for proof in self.proofs):
            return f"the provider's models exceed its total by {counted(abs(residual), self.metric)}"
        if self.rises:
            return f"nothing is missing: {self.rose}"
        unproven = [proof for proof in self.proofs if not proof.matches]
        # A part against which nothing speaks is no news beside what is missing elsewhere.
        doubted = [proof for proof in unproven if not proof.is_good_part] or unproven
        doubts = [f"{proof.label}: {proof.words}" for proof in doubted]
        if doubts:
            return "; ".join(doubts[:2])
        without = f"; {counted(residual, self.metric)} of its total without a model" if residual else ""
        return f"{self._subject}{without}"

    @property
    def _subject(self) -> str:
        match = self._compared
        if self.is_covered:
            return f"but for what raxdash ran, it matches {match}" if self.has_own else f"matches {match}"
        labels = [proof.label for proof in reversed(self.proofs)]
        return f"{', '.join(labels)} match{'es' if len(labels) == 1 else ''} {match}"

    @property
    def _compared(self) -> str:
        """What the sum is the same as."""
        rounding = max((proof.rounding for proof in self.proofs), key=len, default="")
        if self.is_fallen:
            return f"{BEFORE_FALL}{rounding}"
        last = "what the provider last said" if self.is_late or self.is_least else "the provider"
        return f"{last}{rounding}"


# Of a metric that some provider does not tell there is nothing to compare.
NO_CLAIM = Agreement((), "", is_covered=False, is_late=False)
