"""What differs between two texts, by words or by lines: pieces that together are both of them.

Words are compared without the space between them, so a text that is only wrapped otherwise is the same.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import Indel

# Of each text so many are compared: the time grows with the square, and the memory with it.
MOST_WORDS = 20_000
WORD = re.compile(r"\S+\s*|\s+")


class Kind(StrEnum):
    """Where a piece stands: in both texts, in the first alone, in the second alone."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Piece(NamedTuple):
    """A part of a text that was kept, left out or put in."""

    kind: Kind
    text: str


class Diff(NamedTuple):
    """What differs between two texts; `is_cut` where one is longer than is compared."""

    pieces: list[Piece]
    is_cut: bool

    @property
    def is_same(self) -> bool:
        """Whether nothing differs in what was compared."""
        return all(piece.kind is Kind.SAME for piece in self.pieces)


def words_of(text: str) -> list[str]:
    """Return the words of a text, each with the space after it; together they are the text."""
    return WORD.findall(text)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends; a line ends with LF alone."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


SPLITS: dict[str, Callable[[str], list[str]]] = {"words": words_of, "lines": lines_of}


def diff(one: str, other: str, by: str = "words") -> Diff:
    """Return what differs between two texts, by `words` or `lines`: the first 20,000 of each."""
    split = SPLITS[by]
    ones, others = split(one), split(other)
    is_cut = max(len(ones), len(others)) > MOST_WORDS
    ones, others = ones[:MOST_WORDS], others[:MOST_WORDS]
    return Diff(pieces_of(ones, others), is_cut)


def pieces_of(ones: Sequence[str], others: Sequence[str]) -> list[Piece]:
    """Return the pieces of two texts, what is gone before what is new."""
    found: list[Piece] = []
    gone = new = ""
    steps = Indel.opcodes([one.strip() for one in ones], [other.strip() for other in others])
    for step in steps:
        left, taken = ones[step.src_start : step.src_end], others[step.dest_start : step.dest_end]
        if step.tag == "equal":
            found += [*changed(gone, new), Piece(Kind.SAME, "".join(taken))]
            gone = new = ""
        else:
            gone, new = gone + "".join(left), new + "".join(taken)
    return [*found, *changed(gone, new)]


def changed(gone: str, new: str) -> Iterator[Piece]:
    """Yield what stands in place of something else, where there is any of it."""
    if gone:
        yield Piece(Kind.GONE, gone)
    if new:
        yield Piece(Kind.NEW, new)
