"""From one JSON value of an answer to chunks, and the sums it keeps. No bytes, no waiting."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from rax._completion.choice import Choice, Finish
from rax._completion.shapes import Chunk, Received
from rax._completion.tokens import NO_REPORT, Usage, find_report
from rax._completion.words import read_words
from rax._constants import MOST_CHOICES
from rax._key import Key
from rax._values import read_count, read_instant, read_object

_MOST_WORDS: Final = 64
_INDEX_DIGITS: Final = 9
# How some servers write that there is no finish reason yet.
_NO_REASONS: Final = frozenset({"null", "none"})


class Transcript:
    """What an answer has said so far, without the key.

    `usage` is the last report that is not all zero: servers send it once, on every chunk, or as a last
    null. `unbelieved_tokens` is the largest count of a report that no request can have used. `was_useful`
    says whether anything was carried since whoever asks set it to false; heartbeats carry nothing.
    """

    __slots__ = (
        "_choices",
        "_key",
        "_report",
        "_words",
        "created_at",
        "has_chunks",
        "id",
        "is_whole",
        "model",
        "unbelieved_tokens",
        "usage",
        "was_useful",
    )

    def __init__(self, key: Key) -> None:
        self._key = key
        self._words: dict[str, str | None] = {}
        self._choices: dict[int, Choice] = {}
        self.id: str | None = None
        self.model: str | None = None
        self.created_at: datetime | None = None
        self.usage: Usage | None = None
        self._report = NO_REPORT
        self.unbelieved_tokens: int | None = None
        self.has_chunks = False
        self.was_useful = False
        self.is_whole = False

    @property
    def index(self) -> int:
        """The choice that is the answer: 0, or the least there is where no choice is 0."""
        return 0 if 0 in self._choices else min(self._choices, default=0)

    @property
    def answer(self) -> Choice:
        """What the choice that is the answer has said."""
        return self._choices.get(self.index) or Choice(0, self._key, self._word)

    @property
    def choices(self) -> int:
        """How many answers have said something."""
        return sum(choice.has_words for choice in self._choices.values())

    @property
    def text(self) -> str:
        """All text of the answer so far."""
        return self.answer.text.text

    @property
    def finish_reason(self) -> str | None:
        """The last finish reason of the answer, whether it can be believed or not."""
        return self.answer.finish_reason

    @property
    def has_words(self) -> bool:
        """Whether any choice has said anything."""
        return any(choice.has_words for choice in self._choices.values())

    @property
    def finish(self) -> Finish:
        """Whether no more words are to come of any choice."""
        finish = Finish.YES if self._choices else Finish.NO
        for choice in self._choices.values():
            finish = min(finish, choice.finish)
        return finish

    def add_event(self, value: Mapping[str, Any], data: bytes, *, is_plain: bool) -> list[Chunk]:
        """Return the chunks in one event, none where it carries nothing that a chunk shows.

        `is_plain` is false where the strings may hold half of a surrogate pair: it waits for the other, as
        does what may become the key.
        """
        if self.model is None or self.id is None:
            self.model = self.model or self._word(value.get("model"))
            self.id = self.id or self._word(value.get("id") or value.get("request_id"))
            self.created_at = self.created_at or read_instant(value.get("created"))
        told = value.get("choices")
        choices = told if type(told) is list else _as_list(told)
        usage = self._read_usage(value, choices) if b"usage" in data else None
        self.was_useful = self.was_useful or usage is not None
        received = Received(data, self._key)
        chunks = [
            chunk
            for place, choice in enumerate(choices)
            if type(choice) is dict
            and (chunk := self._read_choice(choice, place, received, is_plain=is_plain))
        ]
        self.has_chunks = self.has_chunks or bool(chunks)  # what it cost is no answer
        if usage:
            chunks = (
                [chunks[0]._replace(usage=usage), *chunks[1:]]
                if chunks
                else [Chunk("", usage=usage, received=received)]
            )
        return chunks

    def add_words(self, index: Any, text: str, data: bytes) -> list[Chunk]:
        """Return the chunks in an event that says these words, for a choice that has spoken, and no more."""
        choice = self._choice(index, 0)
        chunk = choice and self._read_text(choice, text, Received(data, self._key), is_plain=True)
        return [chunk] if chunk else []

    def end(self) -> Iterator[Chunk]:
        """Yield what still waited: a beginning of the key, and half a character as U+FFFD."""
        for choice in self._choices.values():
            rest = choice.end()
            if any(rest):
                self.has_chunks = True
                given = (rest.text, None, None, None, choice.index, rest.reasoning, rest.refusal, rest.calls)
                yield Chunk(*given)

    def _choice(self, told: Any, place: int) -> Choice | None:
        """Return a choice by the index that a server tells, else by its place; None if there are too many."""
        index = told if type(told) is int and told >= 0 else _index(told, place)
        choice = self._choices.get(index)
        if choice is None and len(self._choices) < MOST_CHOICES:
            choice = self._choices[index] = Choice(index, self._key, self._word)
        return choice

    def _read_choice(
        self, told: dict[str, Any], place: int, received: Received, *, is_plain: bool
    ) -> Chunk | None:
        choice = self._choice(told.get("index"), place)
        if choice is None:
            return None
        delta = told.get("delta") or told.get("message")
        if type(delta) is not dict:
            delta = {"content": delta} if type(delta) in (str, list) else read_object(delta)
        if len(delta) == 1 and type(text := delta.get("content")) is str and not told.get("finish_reason"):
            return self._read_text(choice, text, received, is_plain=is_plain)  # as nearly all chunks are
        words = read_words(told, delta)
        reason = self._finish_reason(told)
        self.was_useful = self.was_useful or bool(any(words) or reason or any(delta.values()))
        choice.note(words, reason)
        given = choice.take(words, is_plain=is_plain, is_end=reason is not None)
        role = self._word(delta.get("role"))
        choice.role = choice.role or role
        if not (role or reason or any(given)):
            return None
        text, reasoning, refusal, calls = given
        return Chunk(text, role, reason, None, choice.index, reasoning, refusal, calls, received)

    def _read_text(self, choice: Choice, text: str, received: Received, *, is_plain: bool) -> Chunk | None:
        if not text:
            return None
        self.was_useful = True
        choice.speak()
        given = choice.text.feed(text, is_plain=is_plain)
        return Chunk(given, None, None, None, choice.index, "", "", (), received) if given else None

    def _finish_reason(self, told: dict[str, Any]) -> str | None:
        """Return the finish reason, which some servers say as an object with a type."""
        reason = told.get("finish_reason")
        word = self._word(read_object(reason).get("type") if type(reason) is dict else reason)
        return None if word is not None and word.lower() in _NO_REASONS else word

    def _read_usage(self, value: Mapping[str, Any], choices: list[Any]) -> Usage | None:
        report = find_report(value, choices, self._report)
        if report.prompt or report.completion:
            self._report = report
        self.usage = report.usage or self.usage
        self.unbelieved_tokens = report.unbelieved or self.unbelieved_tokens
        return report.usage

    def _word(self, value: Any) -> str | None:
        """Return a role, an id or the like as it may leave; servers say the same ones over and over."""
        if not value or type(value) is not str:
            return None
        if value not in self._words:
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            self._words[value] = self._key.redact_word(value)
        return self._words[value]


def _index(told: Any, place: int) -> int:
    """Return the index of a choice, which some servers tell as text or as a float; else its place."""
    if type(told) is str and told.isascii() and told.isdigit():
        told = int(told[:_INDEX_DIGITS])
    index = read_count(told)
    return place if index is None else index


def _as_list(told: Any) -> list[Any]:
    """Return choices that are no list: one alone, or an object that names each by its place."""
    if type(told) is dict and told and all(name.isdigit() for name in told):
        return list(told.values())
    return [told]
