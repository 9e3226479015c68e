"""Texts as words, folded: letters and digits in lower case, without accents. So are questions."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

# What is longer is no word; of it so much is kept.
LONGEST_WORD = 100
ACCENTS = "\u0300-\u036f"
# An underscore parts words, as a dot or a dash does: so names of programs are found by their parts.
RAW_WORD = re.compile(rf"(?:[^\W_]|[{ACCENTS}])+")
WORD = re.compile(r"[^\W_]+")
ASCII_WORD = re.compile("[a-z0-9]+")
ACCENT = re.compile(f"[{ACCENTS}]")


class Place(NamedTuple):
    """A word of a text, folded, and where the text has it."""

    word: str
    start: int
    end: int


def words_of(text: str) -> list[str]:
    """Return the words of a text in order."""
    if text.isascii():
        return [word[:LONGEST_WORD] for word in ASCII_WORD.findall(text.lower())]
    return [word for found in RAW_WORD.findall(text) for word in folded(found)]


def places_of(text: str, start: int = 0) -> Iterator[Place]:
    """Yield the same words, from a place on, with where they stand."""
    for found in RAW_WORD.finditer(text, start):
        for word in folded(found[0]):
            yield Place(word, found.start(), found.end())


@lru_cache(20_000)
def folded(raw: str) -> tuple[str, ...]:
    """Return what a word counts as; a few letters stand for more than one word, such as ½."""
    plain = ACCENT.sub("", normalize("NFKD", raw)).casefold()
    return tuple(word[:LONGEST_WORD] for word in WORD.findall(normalize("NFC", plain)))


def stream_of(words: Iterable[str]) -> str:
    """Return words as one text, with a blank around each: `" a "` is in it where the word is."""
    return f" {' '.join(words)} "
