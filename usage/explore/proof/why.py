"""Why more, or less, was used than in another span: by key and model, in parts that sum to the difference.

Pure functions of two spans as {(key id, model id): amount in each bucket}, the buckets of one beside those of
the other. Where the difference may be nothing but what nobody saw, there is no answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate, zip_longest

from usage.explore.sheet.marks import UNSEEN, Seen
from usage.ledger import Quality

# (key id, model id), as addresses name them.
type Pair = tuple[str, str]

MOST_MOVES = 3
# "Mostly then": so much of a move in no more than such a part of the buckets.
MOST_OF_IT = 0.6
SHORT = 0.25


@dataclass(frozen=True, slots=True)
class Side:
    """What was used in one span for certain. So much `more` may have been; None where that has no bound.
    Where `sums` are told they hold all of it; of some pairs `amounts` then hold a part, or nothing.
    """

    amounts: Mapping[Pair, Sequence[int]]
    more: int | None = 0
    sums: Mapping[Pair, int] | None = None

    def of(self, pair: Pair) -> Sequence[int]:
        """What a key used of a model in each bucket."""
        return self.amounts.get(pair, ())

    def sum(self, pair: Pair) -> int:
        """What a key used of a model in all."""
        return sum(self.of(pair)) if self.sums is None else self.sums.get(pair, 0)

    @property
    def pairs(self) -> Iterable[Pair]:
        """Every pair that is told of."""
        return self.amounts if self.sums is None else self.sums


@dataclass(frozen=True, slots=True)
class Move:
    """How much more, or less, a key used of a model than before; `first` to `last` are the buckets in which
    most of the difference lies, where there are few such.
    """

    key: str
    model: str
    before: int
    now: int
    mostly: tuple[int, int] | None = None

    @property
    def amount(self) -> int:
        """The difference."""
        return self.now - self.before

    @property
    def is_new(self) -> bool:
        """Tell whether it was not used before."""
        return not self.before and self.now > 0

    @property
    def is_gone(self) -> bool:
        """Tell whether it is used no more."""
        return not self.now and self.before > 0


@dataclass(frozen=True, slots=True)
class Why:
    """The moves that count most, the largest first, and what all others come to: `rest`. `keys` and `models`
    are how many of them moved; with `is_least` not all of both spans was seen.
    """

    difference: int
    moves: tuple[Move, ...]
    rest: int
    others: int
    keys: int
    models: int
    is_least: bool = False


def why(before: Side, now: Side) -> Why | None:
    """What the difference between two spans is made of; None where it lies within what nobody saw."""
    moves = _moves(before, now)
    difference = sum(moves.values())
    if _is_within_unknown(difference, before.more, now.more):
        return None
    # One that is left over is told as shortly as "all else".
    count = MOST_MOVES if len(moves) > MOST_MOVES + 1 else len(moves)
    largest = nsmallest(count, moves, key=lambda pair: (-abs(moves[pair]), pair))
    told = tuple(_with_time(Move(*pair, before.sum(pair), now.sum(pair)), before, now) for pair in largest)
    return Why(
        difference,
        told,
        difference - sum(moves[pair] for pair in largest),
        len(moves) - count,
        len({key for key, _ in [*before.pairs, *now.pairs]}),
        len({model for _, model in [*before.pairs, *now.pairs]}),
        is_least=bool(before.more != 0 or now.more != 0),
    )


def _moves(before: Side, now: Side) -> dict[Pair, int]:
    """Every pair of which more or less was used, and how much: there may be thousands."""
    pairs = dict.fromkeys([*now.pairs, *before.pairs])
    return {pair: amount for pair in pairs if (amount := now.sum(pair) - before.sum(pair))}


def _is_within_unknown(difference: int, before: int | None, now: int | None) -> bool:
    """Tell whether what nobody saw could make up for the difference, or be all of it."""
    if before == now == 0:
        return False
    may_be_less = before is None or difference - before <= 0
    may_be_more = now is None or difference + now >= 0
    return may_be_less and may_be_more


def _with_time(move: Move, before: Side, now: Side) -> Move:
    """The move with the buckets in which most of it lies."""
    pair = move.key, move.model
    if any(side.sum(pair) != sum(side.of(pair)) for side in (before, now)):
        return move
    steps = [after - then for then, after in zip_longest(before.of(pair), now.of(pair), fillvalue=0)]
    return Move(move.key, move.model, move.before, move.now, densest(steps))


def densest(steps: Sequence[int]) -> tuple[int, int] | None:
    """The shortest run of numbers, first and last, that makes up most of their sum; None where it is long."""
    whole = sum(steps)
    sign = 1 if whole > 0 else -1
    sums = [0, *accumulate(sign * step for step in steps)]
    for length in range(1, int(len(steps) * SHORT) + 1):
        place = max(range(len(steps) - length + 1), key=lambda start: sums[start + length] - sums[start])
        if sums[place + length] - sums[place] >= MOST_OF_IT * abs(whole) > 0:
            return place, place + length - 1
    return None


def unknown(seen: Sequence[Seen], cut: int, busiest: int) -> int | None:
    """How much more may have been used in a span than is certain; None where that has no bound.

    `seen` says how each of its buckets was seen, `cut` what stretches that reach over its edges hold; of time
    that nobody saw it is taken that it was as busy as the busiest bucket that was seen.
    """
    if any(facts.is_untold or facts.share(Quality.BOUNDARY_MOVED) for facts in seen):
        return None
    unseen = sum(facts.share(*UNSEEN) for facts in seen)
    if unseen and not busiest:
        return None
    return cut + (int(unseen * busiest) + 1 if unseen else 0)
