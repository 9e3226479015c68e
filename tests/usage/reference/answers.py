"""The answers of one meter: which can be used, which counts among those of one instant, and when each was
true.

Rules kept here: an answer is a snapshot taken midway through the request, and always later than the
period's begin, because our clock may be behind. An answer that ends before it begins, begins more than a
day ahead or counts below zero is kept with its reason. Of several of one instant the greatest counts.
Order of arrival and repetition say nothing. A period ends where the largest end told for it so far says,
nowhere where none was told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

TOKENS = "tokens"
REQUESTS = "requests"
COST = "cost"

BELIEVED = "believed"
CORRECTED = "corrected"
WAITING = "waiting whether the fall stays"
GLITCH = "a fall that did not stay"
STALE = "tells an older period"
REPEATED = "another answer of the same instant counts"
BACKWARDS = "ends before it begins"
AHEAD = "begins more than a day ahead"
NEGATIVE = "counts below zero"
TOO_LARGE = "adds up to more than can be stored"

NEVER = 10**30  # an end later than every date that can be told
Models = Mapping[str, Mapping[str, int]]
NO_MODELS: Models = MappingProxyType({})


@dataclass(frozen=True)
class Answer:
    """What a provider told: instants in microseconds, one total per metric, the same per model."""

    asked: int
    at: int
    starts: int
    ends: int | None
    totals: Mapping[str, int] = field(hash=False)
    models: Models = field(default_factory=lambda: NO_MODELS, hash=False)
    interval: int = 5 * MINUTE

    @property
    def instant(self) -> int:
        """When the counters stood so: never at or before the begin of the period they count from."""
        return max(self.at, self.starts + 1)

    def rank(self) -> tuple[object, ...]:
        """The greater of two answers of one instant counts."""
        totals = tuple(sorted(self.totals.items()))
        models = tuple(sorted((name, tuple(sorted(counts.items()))) for name, counts in self.models.items()))
        ends = NEVER if self.ends is None else self.ends
        return self.instant, self.asked, self.starts, ends, totals, models


def why_useless(answer: Answer) -> str | None:
    """The reason why an answer cannot be used, None for one that can."""
    if answer.ends is not None and answer.ends <= answer.starts:
        return BACKWARDS
    if answer.starts - answer.at > DAY:
        return AHEAD
    counts = [*answer.totals.values(), *(n for told in answer.models.values() for n in told.values())]
    return NEGATIVE if any(count < 0 for count in counts) else None


def in_order(answers: Iterable[Answer]) -> tuple[list[Answer], list[tuple[Answer, str]]]:
    """The answers to fold, one per instant, and the others with their reasons."""
    counted: dict[int, Answer] = {}
    others: list[tuple[Answer, str]] = []
    for answer in sorted(answers, key=Answer.rank):
        if reason := why_useless(answer):
            others.append((answer, reason))
            continue
        if answer.instant in counted and counted[answer.instant] != answer:
            others.append((counted[answer.instant], REPEATED))
        counted[answer.instant] = answer
    return list(counted.values()), others


def ends_as_told(ordered: Iterable[Answer]) -> dict[int, tuple[int, bool]]:
    """By instant of answer: the end of its period as far as was known then, and whether it had shrunk."""
    largest: dict[int, int] = {}
    shrank: set[int] = set()
    known: dict[int, tuple[int, bool]] = {}
    for answer in ordered:
        if answer.ends is not None:
            before = largest.setdefault(answer.starts, answer.ends)
            largest[answer.starts] = max(before, answer.ends)
            if answer.ends < before:
                shrank.add(answer.starts)
        known[answer.instant] = largest.get(answer.starts, NEVER), answer.starts in shrank
    return known
