"""`POST /chat/completions`: reading a request strictly, as the documented table says."""

from dataclasses import dataclass
from typing import Any, Literal, NoReturn

import orjson

from rax.simulator.catalogue import Model
from rax.simulator.errors import ApiError
from rax.simulator.tokens import prompt_tokens

ROLES = ("system", "user", "assistant")

StreamUsage = Literal["accept", "reject", "ignore", "always"]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request that passed every check; `max_tokens` is the bound that will be applied."""

    model: Model
    messages: list[dict[str, str]]
    max_tokens: int
    stop: tuple[str, ...]
    stream: bool
    include_usage: bool
    prompt_tokens: int


def parse_json(body: bytes) -> dict[str, Any]:
    """The request's JSON object. Raises the 400 of the API."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        refuse("The request body is not valid JSON.")
    if not isinstance(value, dict):
        refuse("The request body must be a JSON object.")
    return value


def parse_chat(body: dict[str, Any], models: dict[str, Model], stream_usage: StreamUsage) -> ChatRequest:
    """Check every documented field. Raises the 400 of the API, naming the field."""
    model = _model(body.get("model"), models)
    messages = _messages(body.get("messages"))
    _number(body, "temperature", 2)
    _number(body, "top_p", 1)
    if not isinstance(body.get("user") or "", str):
        refuse("'user' must be a string.")
    stream = body.get("stream") or False
    if not isinstance(stream, bool):
        refuse("'stream' must be true or false.")
    spent = prompt_tokens(message["content"] for message in messages)
    return ChatRequest(
        model=model,
        messages=messages,
        max_tokens=_max_tokens(body.get("max_tokens"), model, spent),
        stop=_stop(body.get("stop")),
        stream=stream,
        include_usage=_include_usage(body.get("stream_options"), stream, stream_usage),
        prompt_tokens=spent,
    )


def refuse(message: str) -> NoReturn:
    raise ApiError(400, message)


def _model(name: Any, models: dict[str, Model]) -> Model:
    if not isinstance(name, str) or not name:
        refuse("'model' is required and must be a string.")
    if name not in models:
        refuse(f"The model '{name}' does not exist. Available models: {', '.join(models) or 'none'}.")
    return models[name]


def _messages(messages: Any) -> list[dict[str, str]]:
    if not isinstance(messages, list) or not messages:
        refuse("'messages' is required and must be an array with at least one message.")
    for position, message in enumerate(messages):
        if not isinstance(message, dict):
            refuse(f"messages[{position}] must be an object.")
        if message.get("role") not in ROLES:
            refuse(f"messages[{position}].role must be one of {', '.join(ROLES)}.")
        if not isinstance(message.get("content"), str):
            refuse(f"messages[{position}].content must be a string.")
    return messages


def _number(body: dict[str, Any], field: str, most: int) -> None:
    value = body.get(field)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        refuse(f"'{field}' must be a number from 0 to {most}.")


def _max_tokens(value: Any, model: Model, spent: int) -> int:
    """The least of the wish, the model's maximum and the room left in its window."""
    if value is not None and (type(value) is not int or not 1 <= value <= model.max_tokens):
        refuse(f"'max_tokens' must be an integer from 1 to {model.max_tokens}.")
    room = model.context_window - spent
    if room < 1:
        refuse(f"The messages take {spent} tokens; {model.id} has a window of {model.context_window}.")
    return min(value or model.max_tokens, room)


def _stop(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
        refuse("'stop' must be an array of non-empty strings.")
    return tuple(value)


def _include_usage(options: Any, stream: bool, stream_usage: StreamUsage) -> bool:
    if options is None:
        return False
    if stream_usage == "reject":
        refuse("Unrecognized field: 'stream_options'.")
    if not stream or not isinstance(options, dict):
        refuse("'stream_options' must be an object, and only with 'stream': true.")
    include = options.get("include_usage", False)
    if not isinstance(include, bool):
        refuse("'stream_options.include_usage' must be true or false.")
    return include and stream_usage == "accept"
