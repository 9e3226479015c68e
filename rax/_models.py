"""The catalogue of models, read from both dialects. It is what was said: nothing is guessed or scaled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from rax._answers import RawAnswer
from rax._constants import DESCRIPTION_CHARS, MAX_ITEMS, NAME_CHARS
from rax._json import read_tolerantly
from rax._limits import Limits
from rax._values import printable, read_count, read_day, read_name, read_object, read_text

# In which fields servers tell when a model retires: the last day first, then since when it is not to be used.
RETIREMENT_FIELDS: Final = ("shutdown_date", "sunset_at", "deprecated_at")


class ShapeError(ValueError):
    """A JSON answer lacks what its kind must have; the message is a fixed sentence."""


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of the catalogue; only `id` is certain. Windows and maxima are in tokens.

    `retires_on` is the day (UTC) that was told in one of `RETIREMENT_FIELDS`, the first that can be read.
    """

    id: str
    created: int | None = None
    owned_by: str | None = None
    context_window: int | None = None
    max_tokens: int | None = None
    name: str | None = None
    description: str | None = None
    retires_on: date | None = None


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


def read_models(value: Any, *, limits: Limits, answer: RawAnswer) -> ModelList:
    """Return the catalogue from `{"data": […]}`, `{"models": […]}` or a bare list, of objects or of names.

    Raises ShapeError for anything else, and where none of those listed can be named.
    """
    models = _listed(value)
    if not models and _items(value):  # not an empty catalogue, in which all models would be gone
        raise ShapeError("The answer lists no model that can be named.")
    return ModelList(models, limits, answer.request_id, answer)


def read_model_list(body: bytes) -> tuple[Model, ...]:
    """Read the body of an answer that was kept, as it was read when it came.

    Raises ValueError where it is no list of models.
    """
    return _listed(read_tolerantly(body))


def _listed(value: Any) -> tuple[Model, ...]:
    items = _items(value)
    if not isinstance(items, list):
        raise ShapeError("The answer is not a list of models.")
    if len(items) > MAX_ITEMS:
        raise ShapeError(f"The answer lists more than {MAX_ITEMS:,} models.")
    models = (_read_model({"id": item} if isinstance(item, str) else read_object(item)) for item in items)
    unique = {model.id: model for model in models if model}
    return tuple(unique.values())


def _items(value: Any) -> Any:
    told = read_object(value)
    return value if isinstance(value, list) else told.get("data", told.get("models"))


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
        retires_on=next(filter(None, (read_day(item.get(name)) for name in RETIREMENT_FIELDS)), None),
    )


def _read_line(value: Any, max_chars: int = NAME_CHARS) -> str | None:
    """Return text that databases and terminals take."""
    text = read_text(value, max_chars)
    return printable(text) if text else None
