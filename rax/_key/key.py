"""A key, which is in no text of ours but the request."""

import re
from typing import Any

from rax._constants import KEY_CHARS
from rax._exceptions import KeyShapeError
from rax._key.answer_text import AnswerText
from rax._key.redaction import Redactor
from rax._values import printable, read_text

_KEY_SHAPE = re.compile(rf"[\x21-\x7e]{{1,{KEY_CHARS}}}")


class Key:
    """An API key that shows itself to nobody: its text and representation are `***`.

    Raises KeyShapeError, without the key in it, for anything but 1 to 512 printable ASCII characters:
    a key with a space or a line end would travel, or come back in the text of an exception.
    """

    __slots__ = ("_made", "_text", "was_told_in_pieces")

    def __init__(self, text: str) -> None:
        if not isinstance(text, str) or not _KEY_SHAPE.fullmatch(text):
            raise KeyShapeError("The key must be printable ASCII without spaces, at most 512 characters.")
        self._text = text
        self._made: Redactor | None = None
        # Whether an answer said it over several pieces, none of which holds it.
        self.was_told_in_pieces = False

    def reveal(self) -> str:
        """Return the key itself; called where a request is written, and nowhere else."""
        return self._text

    def redact(self, text: str) -> str:
        """Return `text` with `***` for the key, in whatever encoding it stands there (see `Redactor`)."""
        return self._redactor().redact(text)

    def redact_bytes(self, data: bytes) -> bytes:
        """Return `data` with `***` for the key; everything else stays byte for byte."""
        return self._redactor().redact_bytes(data)

    def redact_json(self, value: Any) -> Any:
        """Return a JSON value with `***` for the key in all its texts and names."""
        return self._redactor().redact_json(value)

    def redact_word(self, value: object) -> str | None:
        """Return a word of a server's, such as an id, as it may be stored and shown; None for what is none.

        It has at most 200 characters, and no control characters.
        """
        word = read_text(value)
        return printable(self.redact(word)) if word else None

    def answer_text(self) -> AnswerText:
        """Return what takes this key, letter by letter as it is, out of the text of one answer."""
        return AnswerText(self._text, self._note_pieces)

    def _note_pieces(self) -> None:
        self.was_told_in_pieces = True

    def _redactor(self) -> Redactor:
        if self._made is None:
            self._made = Redactor(self._text)
        return self._made

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)
