"""The key out of an answer's text, as it arrives in pieces: ordinary text waits for nothing."""

from collections.abc import Callable
from typing import Final

from rax._key.redaction import LEAST_KEY_CHARS, MASK

_MASK: Final = MASK.decode()


class AnswerText:
    """Puts `***` in the place of one key, letter by letter as it is, in a text however it is cut.

    The text is a model's, and may hold much that looks like a key's encoding: only the key itself is taken
    out. A piece is held back only while it ends with 8 characters or more of the key's beginning; fewer were
    given out when the rest came, and stay. A key of fewer than 8 characters is not looked for.
    `note_pieces` is called where the key came over several pieces.
    """

    __slots__ = ("_beginning", "_given", "_key", "_note_pieces", "_tail")

    def __init__(self, key: str, note_pieces: Callable[[], None] = lambda: None) -> None:
        self._key = key
        self._note_pieces = note_pieces
        self._beginning = key[:LEAST_KEY_CHARS] if len(key) >= LEAST_KEY_CHARS else ""
        self._tail = ""  # the end of the text so far, of which so many characters were given out
        self._given = 0

    def feed(self, piece: str) -> str:
        """Return what can be given out once `piece` has come."""
        if not self._beginning:
            return piece
        text = self._tail + piece
        if self._beginning in text:
            if text.count(self._key) > piece.count(self._key):
                self._note_pieces()
            return self._feed_suspect(text)
        given, self._tail = self._given, text[1 - LEAST_KEY_CHARS :]
        self._given = len(self._tail)
        return text[given:]

    def end(self) -> str:
        """Return what is held back. Should more come, it is known what the key began with."""
        held, self._given = self._tail[self._given :], len(self._tail)
        return held

    def _feed_suspect(self, text: str) -> str:
        *before, rest = text.split(self._key)
        out = ""
        if before:
            out = _MASK.join((before[0][self._given :], *before[1:], ""))
            self._given = 0
        waits_from = self._suspect_from(rest)
        start = max(0, min(waits_from, len(rest) + 1 - LEAST_KEY_CHARS))
        given = max(self._given, waits_from)
        out += rest[self._given : given]
        self._tail, self._given = rest[start:], given - start
        return out

    def _suspect_from(self, text: str) -> int:
        """Return from where a text may become the key; its length where it cannot."""
        start = text.find(self._beginning, max(0, len(text) - len(self._key)))
        while start >= 0 and not self._key.startswith(text[start:]):
            start = text.find(self._beginning, start + 1)
        return start if start >= 0 else len(text)
