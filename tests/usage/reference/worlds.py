"""Random worlds: what was truly used, when, and what a provider told of it.

A world knows which of its time nobody could have seen: of each period all that lies after the last moment
that an answer counted before a newer period was told. Nothing here knows the rules of the fold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from tests.usage.reference.answers import COST, MINUTE, REQUESTS, TOKENS, Answer, Models

Span = tuple[int, int]
INTERVAL = 5 * MINUTE
PRICE = 7  # millionths a token


@dataclass(frozen=True)
class Use:
    """One request, `model` None where the provider never says which; negative tokens are taken back."""

    at: int
    model: str | None
    tokens: int


@dataclass(frozen=True)
class Telling:
    """An answer at `at` about the period from `starts` on, counting what was used in [since, until)."""

    at: int
    starts: int
    ends: int | None
    since: int
    until: int
    unnamed: frozenset[str] = frozenset()  # models left out of the breakdown
    clock: int = 0  # how far our clock is behind


@dataclass(frozen=True)
class World:
    """`certain` where all that was told can be added up; elsewhere what is shown is a lower bound."""

    kind: str
    uses: tuple[Use, ...]
    tellings: tuple[Telling, ...]
    certain: bool = True
    resets: frozenset[int] = frozenset()
    nonsense: tuple[Answer, ...] = ()
    costs: bool = False

    def used(self, spans: Iterable[Span], model: str | None = None) -> int:
        """Tokens truly used in any of the spans."""
        uses = [use for use in self.uses if model is None or use.model == model]
        return sum(use.tokens for since, until in spans for use in uses if since <= use.at < until)

    def answers(self) -> list[Answer]:
        return [self.answer(telling) for telling in self.tellings] + list(self.nonsense)

    def answer(self, telling: Telling) -> Answer:
        counted = [use for use in self.uses if telling.since <= use.at < telling.until]
        totals = counters(counted)
        if self.costs:
            totals[COST] = PRICE * totals[TOKENS]
        told = {use.model for use in counted} - telling.unnamed
        names = [name for name in told if name is not None]
        models: Models = {name: counters([use for use in counted if use.model == name]) for name in names}
        at = telling.at - telling.clock
        return Answer(at, at, telling.starts, telling.ends, totals, models, INTERVAL)

    def seen(self) -> list[Span]:
        """Of each period the time that its answers counted, before a newer one was told."""
        seen: dict[int, int] = {}
        for telling in sorted(self.tellings, key=lambda telling: telling.at):
            if telling.since >= max(seen, default=telling.since):
                seen[telling.since] = max(telling.until, seen.get(telling.since, telling.until))
        return sorted(seen.items())

    def unseen(self) -> list[Span]:
        """The time between what was seen."""
        seen = self.seen()
        return [(end, begin) for (_, end), (begin, _) in pairwise(seen) if end < begin]

    def watched(self) -> Span:
        seen = self.seen()
        return seen[0][0], seen[-1][1]


def counters(uses: list[Use]) -> dict[str, int]:
    return {TOKENS: sum(use.tokens for use in uses), REQUESTS: sum(use.tokens >= 0 for use in uses)}
