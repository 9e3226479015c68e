"""Why what is shown of a billing period may not be all that was used, or not what the provider says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from common.templatetags.times import distance
from usage.explore.remarks.noted import counted, taken_back
from usage.ledger import METRICS, TOKENS, Event
from usage.prices.money import told_words


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one period of one account beside its sums.

    `whole` is what was told of all models, `unattributed` its part without one; `tail` is time at its end
    that nobody saw. `told_late` is the most that answers told which were set aside, `stale` how many those
    are; `of_days` is what another source told for whole days. `keys` are counted as this one account. Money
    has a `currency`; `not_told` of it had been spent when it was told for the first time.
    """

    metric: str
    currency: str = ""
    not_told: int = 0
    whole: int = 0
    tail: timedelta = timedelta()
    is_moved: bool = False
    is_inexact: bool = False
    resets: int = 0
    unattributed: int = 0
    notes: Sequence[tuple[Event, Mapping[str, Any]]] = ()
    told_late: int | None = None
    stale: int = 0
    of_days: int = 0
    is_addable: bool = True
    keys: int = 1
    is_doubted: bool = False
    is_held: bool = False
    is_outdated: bool = False
    fallen: int = 0
    is_late: bool = False
    error: str = ""
    has_ended: bool = False
    is_untold: bool = False
    unread: str = ""

    @property
    def is_lower_bound(self) -> bool:
        """Tell whether more may have been used than was told."""
        return bool(self.tail or self.is_moved or self.is_inexact or self.is_late or self.is_untold)

    def reasons(self, told: int, difference: int | None) -> list[str]:
        """Every reason in a sentence, those that change the sum first."""
        found = [*self._of_the_end(), *self._of_answers(), *self._of_the_account()]
        late = self.told_late
        if late is not None and late > self.whole:
            more = self.counted(late - self.whole)
            found.insert(
                0, f"a late answer told {more} more of it than is counted, after a newer period had begun"
            )
        elif self.stale:
            answers = "1 answer" if self.stale == 1 else f"{self.stale:,} answers"
            found.append(f"{answers} told it again after a newer period had begun, and changed nothing")
        if self.of_days:
            found.append(f"{self.counted(self.of_days)} of it were told for whole days that no poll saw")
        if not self.is_addable:
            found.append("it begins or ends within a quarter of an hour, so it cannot be added up by itself")
        if difference and not found:
            found.append(
                "raxdash cannot say why: “manage.py ledger verify” folds the answers again and compares"
            )
        return found

    def counted(self, amount: int) -> str:
        """`1,200 tokens`, `1.50 EUR`."""
        return told_words(amount, self.currency) if self.currency else counted(amount, self.metric)

    def _of_the_end(self) -> list[str]:
        """What nobody saw about its edges."""
        found = []
        if self.is_moved:
            found.append("the provider moved its boundary, so at least so much was used")
        elif self.is_inexact:
            found.append("its end was told earlier than before, so at least so much was used")
        if self.resets:
            found.append(f"its counter began again, as somebody said: {self.resets + 1} counters are one sum")
        if self.tail:
            where = "before its counter began again" if self.resets else "at its end"
            found.append(f"nobody saw the {time_words(self.tail)} {where}, so at least so much was used")
        if any(event == Event.HOLE for event, _ in self.notes):
            found.append("before it nothing was told for a while")
        return found

    def _of_answers(self) -> list[str]:
        """What the provider took back, or may take back."""
        found = [
            f"the provider took back {self._taken_back(amounts)}, which is taken off where it did"
            for event, amounts in self.notes
            if event == Event.CORRECTION and (not self.currency or sum(amounts.get(self.metric, {}).values()))
        ]
        if self.not_told:
            found.append(
                f"{self.counted(self.not_told)} had been spent when it was told for the first time: when, "
                "nobody knows, so it is not counted"
            )
        glitches = sum(event in (Event.GLITCH, Event.UNCONFIRMED) for event, _ in self.notes)
        if glitches:
            times = "once" if glitches == 1 else f"{glitches:,} times"
            found.append(
                f"its counter fell {times} and nothing was taken off: it came back, or its period ended"
            )
        if self.fallen:
            found.append(
                f"its counter fell by {counted(self.fallen, TOKENS)}; it is waited whether that stays"
            )
        if self.unattributed < 0:
            found.append(f"its models exceed its total by {self.counted(-self.unattributed)}")
        elif self.unattributed:
            found.append(f"{self.counted(self.unattributed)} of its total are of no model")
        return found

    def _taken_back(self, amounts: Mapping[str, Any]) -> str:
        metrics = [self.metric] if self.currency else METRICS
        sums = {metric: sum(amounts.get(metric, {}).values()) for metric in metrics}
        return self.counted(-sums[self.metric]) if self.currency else taken_back(sums)

    def _of_the_account(self) -> list[str]:
        """What is the matter with the account, or with how it is asked."""
        found = []
        if self.keys > 1:
            found.append(f"{self.keys:,} keys share this account, which is counted once")
        if self.is_doubted:
            found.append("it may share its account with another key: then both are counted, and one too many")
        if self.is_untold:
            found.append(f"the newest answer tells no {self.metric}")
        if self.unread:
            found.append(f"a part of the newest answer cannot be read: {self.unread}")
        if self.has_ended:
            found.append(
                "the provider still tells this period though it is over; of the time since nothing is known"
            )
        if self.is_late:
            found.append(f"polls were missed since{f': {self.error}' if self.error else ''}")
        if self.is_held:
            found.append("the account is being counted anew: until that is done, this is the sum of before")
        elif self.is_outdated:
            found.append("it was counted under older rules and is still to be counted again")
        return found


def time_words(length: timedelta) -> str:
    """`10 s`, `3 h`."""
    seconds = length.total_seconds()
    return distance(seconds) if seconds >= 60 else f"{max(round(seconds), 1)} s"
