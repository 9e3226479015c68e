"""Which words of a column's texts differ from those of column A, with a few words around them."""

from collections.abc import Sequence

from playground.models.drafts import Fields
from playground.text.diff import Kind, Piece, diff, words_of

TEXTS = ("system_prompt", "message")
# Marked with each saved change: a longer text is compared by who asks for it.
MOST_CHARS = 20_000
# So many words stand on either side of what differs.
AROUND = 4


def marks(columns: Sequence[Fields]) -> list[dict[str, list[Piece]]]:
    """Return for each column which words differ from those of the first, by the names of its fields.

    Of texts that both have; of the first nothing.
    """
    return [marked(columns[0], column) if place else {} for place, column in enumerate(columns)]


def marked(first: Fields, column: Fields) -> dict[str, list[Piece]]:
    """Return the words of one column that differ from those of the first."""
    found: dict[str, list[Piece]] = {}
    for name in TEXTS:
        one, other = first.get(name, ""), column.get(name, "")
        if one.strip() and other.strip() and one != other and max(len(one), len(other)) <= MOST_CHARS:
            pieces = diff(one, other).pieces
            if any(piece.kind is not Kind.SAME for piece in pieces):
                found[name] = shortened(pieces)
    return found


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces whose common words are left out but for a few beside what differs."""
    last = len(pieces) - 1
    return [
        Piece(piece.kind, edges(piece.text, is_first=place == 0, is_last=place == last))
        if piece.kind is Kind.SAME
        else piece
        for place, piece in enumerate(pieces)
    ]


def edges(text: str, *, is_first: bool, is_last: bool) -> str:
    """Return the words of a text at its edges, those at the beginning and the end of all left out."""
    words = words_of(text)
    before = [] if is_first else words[:AROUND]
    after = [] if is_last else words[-AROUND:]
    if len(before) + len(after) >= len(words):
        return text
    return f"{''.join(before)}… {''.join(after)}" if before else f"… {''.join(after)}"
