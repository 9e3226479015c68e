"""Typed answers of the API, read from both dialects. They are what was said: nothing is guessed or scaled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from rax._answers import RawAnswer
from rax._arguments import Key
from rax._constants import DESCRIPTION_CHARS, MAX_ITEMS, NAME_CHARS
from rax._limits import Limits
from rax._values import printable, read_count, read_instant, read_name, read_object, read_text


class ShapeError(ValueError):
    """A JSON answer lacks what its kind must have; the message is a fixed sentence."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of one completion, as the API reported them."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """A whole completion. `finish_reason` is the API's own word; `usage` is None where it reported none.

    `answer` is the HTTP answer as received, with its headers and the provider's date.
    """

    text: str
    role: str | None
    finish_reason: str | None
    usage: Usage | None
    model: str | None
    id: str | None
    created_at: datetime | None
    request_id: str | None
    limits: Limits
    answer: RawAnswer


class Chunk(NamedTuple):
    """One event of a streamed completion; a named tuple because thousands of them are made in a second."""

    text: str
    role: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of the catalogue; only `id` is certain. Windows and maxima are in tokens."""

    id: str
    created: int | None = None
    owned_by: str | None = None
    context_window: int | None = None
    max_tokens: int | None = None
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ModelList:
    """The catalogue in the API's order; iterate it, index it, or ask its length. `answer` is as received."""

    models: tuple[Model, ...]
    limits: Limits
    request_id: str | None
    answer: RawAnswer

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)

    def __getitem__(self, index: int) -> Model:
        return self.models[index]


def read_usage_tokens(value: Any) -> Usage | None:
    """Return the reported tokens, or None where two of the three numbers cannot be known."""
    if not isinstance(value, dict):
        return None
    prompt = read_count(value.get("prompt_tokens"))
    completion = read_count(value.get("completion_tokens"))
    total = read_count(value.get("total_tokens"))
    if completion is None and prompt is not None and total is not None and total >= prompt:
        completion = total - prompt
    if prompt is None or completion is None:
        return None
    return Usage(prompt, completion, prompt + completion if total is None else total)


def read_content(value: Any) -> str:
    """Return the text of a message's `content`: a string, or a list of parts with text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(part["text"] for part in value if isinstance(read_object(part).get("text"), str))
    return ""


def read_chat(value: Any, *, limits: Limits, answer: RawAnswer, key: Key) -> ChatAnswer:
    """Return a whole completion without the key; raise ShapeError for JSON that is none."""
    choices = read_object(value).get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise ShapeError("The answer has no choices.")
    message = read_object(choices[0].get("message"))
    text = read_content(message.get("content")) if message else read_content(choices[0].get("text"))
    answer_text, completion_id = key.answer_text(), key.redact_word(value.get("id"))
    return ChatAnswer(
        text=answer_text.feed(text) + answer_text.end(),
        role=key.redact_word(message.get("role")),
        finish_reason=key.redact_word(choices[0].get("finish_reason")),
        usage=read_usage_tokens(value.get("usage")),
        model=key.redact_word(value.get("model")),
        id=completion_id,
        created_at=read_instant(value.get("created")),
        request_id=answer.request_id or completion_id,
        limits=limits,
        answer=answer,
    )


def read_models(value: Any, *, limits: Limits, answer: RawAnswer) -> ModelList:
    """Return the catalogue from `{"data": […]}`, `{"models": […]}` or a bare list; raise ShapeError else."""
    items = (
        value if isinstance(value, list) else read_object(value).get("data", read_object(value).get("models"))
    )
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        raise ShapeError("The answer is not a list of models.")
    models = (_read_model(read_object(item)) for item in items)
    unique = {model.id: model for model in models if model}
    return ModelList(tuple(unique.values()), limits, answer.request_id, answer)


def _read_model(item: Mapping[str, Any]) -> Model | None:
    identifier = read_name(item.get("id"))
    if identifier is None:
        return None
    window = read_count(item.get("context_window"))
    return Model(
        id=identifier,
        created=read_count(item.get("created")),
        owned_by=_read_line(item.get("owned_by")),
        context_window=read_count(item.get("context_length")) if window is None else window,
        max_tokens=read_count(item.get("max_tokens")),
        name=_read_line(item.get("name")),
        description=_read_line(item.get("description"), DESCRIPTION_CHARS),
    )


def _read_line(value: Any, max_chars: int = NAME_CHARS) -> str | None:
    """Return text that databases and terminals take."""
    text = read_text(value, max_chars)
    return printable(text) if text else None
