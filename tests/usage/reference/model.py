"""The model: from a set of answers and decisions of people to lines, periods, seats, notes and reasons.

Rules kept here, all about believing: an older begin is stale. A fall is a doubt: F stands still until an
answer half an hour later still confirms it, and all between did; then it is taken at the first of them,
and the answers since are folded as if it had been believed at once. A return before that, or a newer
period, ends the doubt. "This was a reset" is a decision about the answer of one instant, taken back by
folding without it. Every answer is kept with its reason.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from tests.usage.reference import answers as told
from tests.usage.reference.answers import Answer, ends_as_told, in_order
from tests.usage.reference.lines import CORRECTION, MOVED, Line, Series
from tests.usage.reference.periods import Period
from tests.usage.reference.seats import SEATS
from tests.usage.reference.sums import Sums

HALF_AN_HOUR = 30 * told.MINUTE
ROLLOVER = "rollover"
RESET = "reset"
Falls = dict[tuple[str, Series], int]


@dataclass(frozen=True)
class Note:
    """What annotates itself, at the instant of the answer that caused it; `amounts` were taken back."""

    kind: str
    at: int
    amounts: Falls = field(default_factory=dict)


@dataclass(frozen=True)
class Ledger:
    """What a meter's answers come to; `fell_by` is a fall that is waited for."""

    lines: dict[str, Line]
    periods: list[Period]
    seats: tuple[str, ...]
    notes: list[Note]
    reasons: list[tuple[Answer, str]]
    fell_by: Falls

    def reason_of(self, answer: Answer) -> str:
        return next(reason for one, reason in self.reasons if one == answer)

    def shown(self, metric: str) -> list[int]:
        """What is shown of each period."""
        return [period.shown(self.lines[metric]) for period in self.periods]


class Walk:
    """One walk over the answers in order of time."""

    def __init__(self, answers: Iterable[Answer], resets: Collection[int], seats: int) -> None:
        self.ordered, self.reasons = in_order(answers)
        self.known_ends = ends_as_told(self.ordered)
        self.resets = resets
        self.sums = Sums(seats)
        self.notes: list[Note] = []
        self.doubted: list[Answer] = []

    def ledger(self) -> Ledger:
        for answer in self.ordered:
            self.take(answer)
        fell_by = self.sums.falls_of(self.doubted[0]) if self.doubted else {}
        self.end_of_doubt(told.WAITING)
        sums = self.sums
        return Ledger(sums.lines, sums.periods, sums.seats, self.notes, self.reasons, fell_by)

    def take(self, answer: Answer) -> None:
        current = self.sums.period.told_starts if self.sums.periods else None
        if current is None or answer.starts > current:
            self.begin(answer)
        elif answer.starts < current:
            self.keep_stale(answer)
        elif answer.instant in self.resets:
            self.keep(answer, self.sums.begin_again(answer), RESET)
        else:
            self.go_on(answer)

    def begin(self, answer: Answer) -> None:
        first = not self.sums.periods
        stored, moved = self.sums.enter(answer, *self.known_ends[answer.instant])
        self.keep(answer, stored, None if first else MOVED if moved else ROLLOVER)

    def keep(self, answer: Answer, stored: bool, kind: str | None = None, falls: Falls | None = None) -> None:
        """Say what became of an answer that was to be believed."""
        if not stored:
            self.reasons.append((answer, told.TOO_LARGE))
            return
        self.end_of_doubt(told.GLITCH)
        self.reasons.append((answer, told.CORRECTED if falls else told.BELIEVED))
        if kind:
            self.notes.append(Note(kind, answer.instant, falls or {}))

    def end_of_doubt(self, reason: str) -> None:
        self.reasons += [(answer, reason) for answer in self.doubted]
        self.doubted = []

    def keep_stale(self, answer: Answer) -> None:
        self.reasons.append((answer, told.STALE))
        for period in [one for one in self.sums.periods if one.told_starts == answer.starts][-1:]:
            period.tell_late(dict(answer.totals))

    def go_on(self, answer: Answer) -> None:
        self.sums.learn_end(*self.known_ends[answer.instant])
        if not self.sums.falls_of(answer):
            self.keep(answer, self.sums.grow(answer))
            return
        self.doubted.append(answer)
        if answer.instant - self.doubted[0].instant >= HALF_AN_HOUR:
            self.believe_fall()

    def believe_fall(self) -> None:
        first, *since = self.doubted
        self.doubted = []
        falls = self.sums.falls_of(first)
        self.sums.learn_end(*self.known_ends[first.instant])
        self.keep(first, self.sums.step_down(first), CORRECTION, falls)
        for later in since:
            self.take(later)


def fold(answers: Iterable[Answer], resets: Collection[int] = (), seats: int = SEATS) -> Ledger:
    """What `answers` come to, with those at the instants `resets` said to have begun again."""
    return Walk(answers, resets, seats).ledger()
