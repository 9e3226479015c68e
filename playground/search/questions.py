"""What people type to find runs, read into words to look for: whatever they type, never an error.

`quick "brown fox" -lazy` finds what has these two words together, and quick, and not lazy.
"""

import json
import re
from dataclasses import dataclass
from typing import Self

from playground.search.terms import Fact, fact_term, written
from playground.search.words import words_of

MOST_TERMS = 32
QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
PIECE = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
# Shorter ones are in nearly every text.
SHORTEST_PART = 3
BEGINNING, END = -(1 << 63), (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together."""

    words: tuple[str, ...]

    @property
    def whole(self) -> str:
        """How a stream of words holds it."""
        return f" {' '.join(self.words)} "

    @property
    def part(self) -> str:
        """How a stream of words holds it, perhaps within longer words; a short Latin one only by itself."""
        text = " ".join(self.words)
        return self.whole if text.isascii() and len(text) < SHORTEST_PART else text

    @property
    def is_phrase(self) -> bool:
        """Whether it is more than one word."""
        return len(self.words) > 1


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: words that are there, others that are not, facts that are so or not, and a time.

    `since` and `before` are places of the index. `left_out` says how many words more were typed than count.
    """

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    facts: tuple[str, ...] = ()
    other_facts: tuple[str, ...] = ()
    since: int = BEGINNING
    before: int = END
    left_out: int = 0
    has_no_words: bool = False

    @classmethod
    def read(cls, typed: str) -> Self:
        """Return what somebody typed as a question."""
        wanted: list[Term] = []
        unwanted: list[Term] = []
        for minus, quoted, plain in PIECE.findall(typed.translate(QUOTES)):
            if words := tuple(words_of(quoted or plain)):
                (unwanted if minus else wanted).append(Term(words))
        counted, uncounted = wanted[:MOST_TERMS], unwanted[:MOST_TERMS]
        left_out = len(wanted) + len(unwanted) - len(counted) - len(uncounted)
        has_no_words = bool(typed.strip()) and not wanted and not unwanted
        return cls(tuple(counted), tuple(uncounted), left_out=left_out, has_no_words=has_no_words)

    @property
    def asks(self) -> bool:
        """Whether anything is looked for at all."""
        is_timed = (self.since, self.before) != (BEGINNING, END)
        return bool(self.wanted or self.unwanted or self.facts or self.other_facts) or is_timed

    @property
    def phrases(self) -> list[Term]:
        """The phrases that are to be there."""
        return [term for term in self.wanted if term.is_phrase]

    @property
    def other_phrases(self) -> list[Term]:
        """Those that are not to be there."""
        return [term for term in self.unwanted if term.is_phrase]


def read_parameters(typed: str) -> list[str]:
    """Return the marks of parameters: `max_tokens`, `temperature=0.2`, typed with blanks between."""
    found = []
    for piece in typed.split():
        name, equals, value = piece.partition("=")
        found.append(fact_term(Fact.PARAMETER, f"{name}={spelt(value)}" if equals else name))
    return found


def spelt(value: str) -> str:
    """Return a value that somebody typed as runs are marked with it."""
    try:
        text = written(json.loads(value))
    except (ValueError, RecursionError):
        return value
    # No run was marked with half a character.
    return text.encode("utf-8", "replace").decode()
