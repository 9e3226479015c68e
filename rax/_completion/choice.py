"""One of the answers that a server may give to one prompt, as far as it is known."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, NamedTuple

from rax._completion.failures import is_failure
from rax._completion.flow import TextFlow
from rax._completion.tools import ToolCall, ToolCalls
from rax._completion.words import Words
from rax._key import Key


class Finish(IntEnum):
    """Whether no more words are to come."""

    NO = 0
    PERHAPS = 1  # the finish reason came with words, or is not the first one
    YES = 2


class Given(NamedTuple):
    """What can be given out of one event, by kind."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    calls: tuple[ToolCall, ...] = ()


class Choice:
    """What one choice has said.

    `finish` says whether a finish reason ended it. Some servers send one with the first chunk, or with every
    chunk: once words came after one, or one before any words, none is believed any more.
    """

    __slots__ = (
        "_finishes_early",
        "finish",
        "finish_reason",
        "has_words",
        "index",
        "reasoning",
        "refusal",
        "role",
        "text",
        "tools",
    )

    def __init__(self, index: int, key: Key, word: Callable[[Any], str | None]) -> None:
        def flow() -> TextFlow:
            return TextFlow(key.answer_text())

        self.index = index
        self.text = flow()
        self.reasoning = flow()
        self.refusal = flow()
        self.tools = ToolCalls(flow, word)
        self.role: str | None = None
        self.finish_reason: str | None = None
        self.finish = Finish.NO
        self.has_words = False
        self._finishes_early = False

    def speak(self) -> None:
        """Take down that words came; a finish reason before them came too early."""
        self.has_words = True
        if self.finish_reason is not None:
            self._finishes_early, self.finish = True, Finish.NO

    def note(self, words: Words, finish_reason: str | None) -> None:
        """Take down what an event said for this choice, and its finish reason."""
        if any(words):
            self.speak()
            self._finish(finish_reason, Finish.PERHAPS)
        else:
            self._finishes_early |= finish_reason is not None and not self.has_words
            self._finish(finish_reason, Finish.YES if self.finish_reason is None else Finish.PERHAPS)

    def _finish(self, reason: str | None, finish: Finish) -> None:
        if reason is not None:
            self.finish_reason = reason
            self.finish = Finish.NO if self._finishes_early else finish
            self.finish = Finish.YES if is_failure(reason) else self.finish

    def take(self, words: Words, *, is_plain: bool, is_end: bool) -> Given:
        """Return what may be given out now that these words have come, and perhaps a finish reason."""
        text = self.text.feed(words.text, is_plain=is_plain)
        given = Given(text)
        if words.reasoning or words.refusal or words.calls:
            given = Given(
                text,
                self.reasoning.feed(words.reasoning, is_plain=is_plain),
                self.refusal.feed(words.refusal, is_plain=is_plain),
                self.tools.feed(words.calls, is_plain=is_plain),
            )
        return given._replace(text=text + self.text.flush()) if is_end else given

    def end(self) -> Given:
        """Return what still waited: a beginning of the key, or half a character."""
        return Given(self.text.end(), self.reasoning.end(), self.refusal.end(), self.tools.end())
