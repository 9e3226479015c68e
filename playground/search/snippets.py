"""Why a run was found: the piece of a text where the words stand, with them marked."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from playground.search.questions import Term
from playground.search.words import LONGEST_WORD, Place, places_of

BEFORE_CHARS, SNIPPET_CHARS = 40, 200
WINDOW_CHARS, BEGINNING_CHARS = 1_000, 10_000
ELLIPSIS = "…"


class Piece(NamedTuple):
    """A piece of a snippet, found or between."""

    text: str
    is_found: bool


class Span(NamedTuple):
    """Where a text has what was looked for."""

    start: int
    end: int


def snippet_of(text: str, terms: Sequence[Term]) -> list[Piece]:
    """Return a piece of a text that has one of these terms; nothing where none is."""
    for start, stop in windows_of(text, terms):
        window = text[:stop]
        spans = list(spans_of(list(places_of(window, start)), terms))
        if spans:
            begin = begin_of(text, spans[0].start)
            end = max(spans[0].end, min(stop, begin + SNIPPET_CHARS))
            pieces = cut(text, spans, begin, end)
            return [piece for piece in pieces if piece.text]
    return []


def windows_of(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Yield where to look into a text: to read all of a long one takes too long for a list.

    First where a term stands as it was folded, then, for letters that are folded, in its beginning.
    """
    lowered = text.lower()
    places = sorted({lowered.find(term.words[0]) for term in terms} - {-1})
    for place in places:
        yield max(0, place - LONGEST_WORD), min(len(text), place + WINDOW_CHARS)
    if not text.isascii() or any(term.is_phrase for term in terms):
        yield 0, min(len(text), BEGINNING_CHARS)


def spans_of(places: Sequence[Place], terms: Sequence[Term]) -> Iterator[Span]:
    """Yield in order where a text has one of these terms, as whole words or at least within them."""
    at = 0
    while at < len(places):
        length = max((matched(places, at, term) for term in terms), default=0)
        if length:
            yield Span(places[at].start, places[at + length - 1].end)
        at += max(length, 1)


def matched(places: Sequence[Place], at: int, term: Term) -> int:
    """Return of how many words a term is that begins here; 0 where it does not."""
    here = [place.word for place in places[at : at + len(term.words)]]
    if tuple(here) == term.words:
        return len(here)
    return 1 if not term.is_phrase and here and is_within(term, here[0]) else 0


def is_within(term: Term, word: str) -> bool:
    """Tell whether a word has a term in it, where parts of words count."""
    return term.part != term.whole and term.part in word


def begin_of(text: str, start: int) -> int:
    """Return where a snippet begins: a little before what was found, at a word where there is one."""
    begin = max(0, start - BEFORE_CHARS)
    return begin if begin == 0 else text.find(" ", begin, start) + 1 or begin


def cut(text: str, spans: Sequence[Span], begin: int, end: int) -> Iterator[Piece]:
    """Yield a text from `begin` to `end`, piece by piece."""
    if begin:
        yield Piece(ELLIPSIS, is_found=False)
    at = begin
    for span in spans:
        if span.start >= end:
            break
        yield Piece(text[at : span.start], is_found=False)
        yield Piece(text[max(at, span.start) : min(span.end, end)], is_found=True)
        at = span.end
    yield Piece(text[at:end], is_found=False)
    if end < len(text):
        yield Piece(ELLIPSIS, is_found=False)
