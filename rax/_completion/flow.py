"""One text that arrives in pieces, on its way out: characters made whole, and the key taken out."""

from rax._json import merge_surrogates
from rax._key import AnswerText


class TextFlow:
    """Hands out a text as it comes. Half a character waits for its other half, and so does what may become
    the key."""

    __slots__ = ("_answer_text", "_half", "_parts")

    def __init__(self, answer_text: AnswerText) -> None:
        self._answer_text = answer_text
        self._half = ""
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """All that was given out so far."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    def feed(self, text: str, *, is_plain: bool) -> str:
        """Return what can be given out once `text` has come; it holds no half character if it `is_plain`."""
        if self._half or not is_plain:
            text = self._join_halves(text)
        if text:
            text = self._answer_text.feed(text)
            if text:
                self._parts.append(text)
        return text

    def flush(self) -> str:
        """Return what waited for the rest of the key, since the text may be over; more may come."""
        held = self._answer_text.end()
        if held:
            self._parts.append(held)
        return held

    def end(self) -> str:
        """Return all that still waited: a beginning of the key, and half a character as U+FFFD."""
        half, self._half = self._half, ""
        rest = self._answer_text.feed(merge_surrogates(half)) if half else ""
        if rest:
            self._parts.append(rest)
        return rest + self.flush()

    def _join_halves(self, text: str) -> str:
        text, self._half = self._half + text, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return merge_surrogates(text)
