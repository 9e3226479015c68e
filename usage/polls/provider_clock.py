"""How far this server's clock and a provider's differ, by the `Date` of its answers. Pure functions.

Differences are in seconds, ours less the provider's: what is ahead here is positive.
"""

from collections.abc import Sequence
from datetime import timedelta

from usage.books.answers.answer import Answer

# Of so many answers the middle one counts: a slow one, or one that somebody kept, moves nothing.
KEPT = 5

# The header tells whole seconds, of which half a one has passed on average.
HALF_A_SECOND = 0.5

# What differs by more is no clock that polls could be placed by.
FARTHEST = timedelta(hours=1)


def samples(before: Sequence[float] | None, answer: Answer) -> list[float]:
    """The differences that the newest answers told; `before` are those without this answer."""
    known = list(before or ())
    if answer.received is None or answer.received.date is None:
        return known
    seconds = (answer.ended_at - answer.received.date).total_seconds() - HALF_A_SECOND
    return [*known, round(seconds, 3)][-KEPT:]


def difference(samples: Sequence[float]) -> float | None:
    """The difference that most of the samples agree on; None where there is none."""
    return sorted(samples)[len(samples) // 2] if samples else None


def usable(difference: float | None) -> timedelta:
    """The difference by which polls are placed: none where it is unknown, or no clock's."""
    offset = timedelta(seconds=difference or 0)
    return offset if abs(offset) <= FARTHEST else timedelta(0)
