"""Which models have a line of their own.

Rules kept here: at most so many models have a seat. When a period opens, those that moved in the period
before come first, then by tokens in the answer that opens it, then by name; one that appears later takes
a seat that is free.
"""

from collections.abc import Collection

from tests.usage.reference.answers import TOKENS, Answer

SEATS = 100


def _by_tokens(answer: Answer, names: Collection[str]) -> list[str]:
    return sorted(names, key=lambda name: (-answer.models.get(name, {}).get(TOKENS, 0), name))


def seats_of_new_period(answer: Answer, moved_before: Collection[str], most: int) -> tuple[str, ...]:
    """The seated models of the period that `answer` opens."""
    newcomers = set(answer.models) - set(moved_before)
    return tuple([*_by_tokens(answer, moved_before), *_by_tokens(answer, newcomers)][:most])


def seats_with_newcomers(seated: tuple[str, ...], answer: Answer, most: int) -> tuple[str, ...]:
    """The seats once more, the free ones given to models that appear in `answer`."""
    return (*seated, *_by_tokens(answer, set(answer.models) - set(seated)))[: max(most, len(seated))]
