"""From one JSON event of a stream to one chunk, and the sums a stream keeps. No bytes, no waiting."""

from typing import Any

from rax._arguments import Key
from rax._json import merge_surrogates
from rax._models import ChatAnswer, Chunk, Usage, read_content, read_usage_tokens
from rax._values import read_object

_MOST_WORDS = 64


class Transcript:
    """What a stream has said so far, without the key.

    `usage` is the last report that is not all zero: servers send it once, on every chunk, or as a last
    null. `is_useful` says whether the last event carried anything; heartbeats do not.
    """

    __slots__ = (
        "_answer_text",
        "_half",
        "_key",
        "_parts",
        "_words",
        "finish_reason",
        "has_chunks",
        "id",
        "is_useful",
        "is_whole",
        "model",
        "usage",
    )

    def __init__(self, key: Key) -> None:
        self._key = key
        self._answer_text = key.answer_text()
        self._words: dict[str, str | None] = {}
        self._parts: list[str] = []
        self._half = ""
        self.id: str | None = None
        self.model: str | None = None
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self.has_chunks = False
        self.is_useful = False
        self.is_whole = False

    @property
    def text(self) -> str:
        """All text so far."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    def add_event(self, value: dict[str, Any], *, is_plain: bool) -> Chunk | None:
        """Return the chunk in one event, or None where it carries nothing that a chunk shows.

        `is_plain` is false where the strings may hold half of a surrogate pair: it waits for the other, as
        does what may become the key.
        """
        if self.model is None:
            self.model, self.id = self._word(value.get("model")), self._word(value.get("id"))
        reported = value.get("usage")
        usage = read_usage_tokens(reported) if reported else None
        if usage and not usage.total_tokens:
            usage = None
        choices = value.get("choices")
        choice = read_object(choices[0]) if isinstance(choices, list) and choices else {}
        delta = choice.get("delta") or choice.get("message")
        delta = read_object(delta)
        content = delta.get("content")
        text = content if type(content) is str else read_content(content or choice.get("text"))
        if self._half or not is_plain:
            text = self._join_halves(text)
        finish_reason = self._word(choice.get("finish_reason"))
        self.is_useful = bool(text or finish_reason or usage or any(delta.values()))
        if text:
            text = self._answer_text.feed(text)
        if finish_reason:
            text += self._answer_text.end()
        role = self._word(delta.get("role"))
        if not (text or finish_reason or usage or role):
            return None
        return self._keep(Chunk(text, role, finish_reason, usage))

    def add_whole(self, answer: ChatAnswer) -> Chunk:
        """Return a whole answer, sent instead of a stream, as one chunk."""
        self.model, self.id, self.is_whole = answer.model, answer.id, True
        return self._keep(Chunk(answer.text, answer.role, answer.finish_reason, answer.usage))

    def end(self) -> Chunk | None:
        """Return what still waited: a beginning of the key, and half a character as U+FFFD."""
        text = self._answer_text.feed(merge_surrogates(self._half)) + self._answer_text.end()
        self._half = ""
        return self._keep(Chunk(text)) if text else None

    def _word(self, value: Any) -> str | None:
        """Return a role, an id or the like as it may leave; servers say the same ones over and over."""
        if not value or type(value) is not str:
            return None
        if value not in self._words:
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            self._words[value] = self._key.redact_word(value)
        return self._words[value]

    def _keep(self, chunk: Chunk) -> Chunk:
        self.has_chunks = True
        if chunk.text:
            self._parts.append(chunk.text)
        self.finish_reason = chunk.finish_reason or self.finish_reason
        self.usage = chunk.usage or self.usage
        return chunk

    def _join_halves(self, text: str) -> str:
        text, self._half = self._half + text, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return merge_surrogates(text)
