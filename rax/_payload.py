"""The body of a completion request: checked when it is put together, and the very bytes that are sent."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from rax._arguments import check_base_url, check_kind
from rax._constants import DEFAULT_BASE_URL, JSON_DEPTH
from rax._exceptions import ArgumentError

ASK_FOR_USAGE: Final[Mapping[str, Any]] = {"stream_options": {"include_usage": True}}
# What has an argument of its own, and is not to be said twice.
_OWN_ARGUMENTS: Final = frozenset(
    ("model", "messages", "temperature", "max_tokens", "max_completion_tokens", "top_p", "stop", "user")
) | {"stream", "stream_options"}


def chat_payload(
    *,
    model: str,
    messages: Sequence[Mapping[str, Any]],
    temperature: float | None = None,
    max_tokens: int | None = None,
    max_completion_tokens: int | None = None,
    top_p: float | None = None,
    stop: str | Sequence[str] | None = None,
    user: str | None = None,
    extra: Mapping[str, Any] | None = None,
    stream: bool = False,
    include_usage: bool = False,
) -> dict[str, Any]:
    """Return the body of a completion request, before it is encoded; a parameter that is None is not in it.

    `extra` holds further fields of the body, as the server names them. A stream that asks for its tokens has
    `include_usage`. Raises ArgumentError for what has not the type it must have, or is not finite; ranges
    are the server's to check.
    """
    check_kind("model", model, str)
    optional = {
        "temperature": _number("temperature", temperature),
        "max_tokens": _whole_number("max_tokens", max_tokens),
        "max_completion_tokens": _whole_number("max_completion_tokens", max_completion_tokens),
        "top_p": _number("top_p", top_p),
        "stop": _stop(stop),
        "user": _text("user", user),
    }
    given = {name: value for name, value in optional.items() if value is not None}
    payload = {"model": model, "messages": _messages(messages), **given, **_extra(extra)}
    if stream:
        payload["stream"] = True
    return {**payload, **ASK_FOR_USAGE} if include_usage else payload


def asks_for_usage(base_url: str) -> bool:
    """Tell whether streams of this server are asked for their tokens, for as long as it refused none.

    The Rax API documents no such field. Raises BaseURLError for what is no base URL.
    """
    return urlsplit(check_base_url(base_url)).hostname != urlsplit(DEFAULT_BASE_URL).hostname


def encode_payload(payload: Mapping[str, Any]) -> bytes:
    """Return a payload as JSON, byte for byte as it is sent.

    Raises ArgumentError for what JSON cannot say: infinities, half characters, names that are no text.
    """
    try:
        return orjson.dumps(_plain(payload))
    except TypeError:
        raise ArgumentError("The request cannot be written as JSON.") from None


def _number(name: str, value: object) -> float | None:
    if value is None:
        return None
    # A number too long for a float is no finite one either.
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise ArgumentError(f"{name} must be a finite number.")
    return value


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _whole_number(name: str, value: object) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise ArgumentError(f"{name} must be a whole number.")
    return value


def _text(name: str, value: object) -> str | None:
    if value is not None:
        check_kind(name, value, str)
    return value  # type: ignore[return-value]


def _stop(stop: object) -> list[str] | None:
    if stop is None:
        return None
    texts = [stop] if isinstance(stop, str) else _listed("stop", stop)
    for text in texts:
        check_kind("Each of stop", text, str)
    # An empty list asks for nothing, and some servers refuse it.
    return texts or None


def _messages(messages: object) -> list[Any]:
    listed = _listed("messages", messages)
    for message in listed:
        check_kind("Each of messages", message, Mapping)
    return [_plain(message) for message in listed]


def _extra(extra: object) -> dict[str, Any]:
    if extra is None:
        return {}
    check_kind("extra", extra, Mapping)
    fields: dict[str, Any] = _plain(extra)
    if twice := sorted(_OWN_ARGUMENTS & fields.keys()):
        raise ArgumentError(f"extra must not hold {twice[0]}, which has an argument of its own.")
    return fields


def _listed(name: str, value: object) -> list[Any]:
    if isinstance(value, str | bytes | bytearray) or not isinstance(value, Sequence):
        raise ArgumentError(f"{name} must be a list.")
    return list(value)


def _plain(value: Any, depth: int = 0) -> Any:
    """Return a value in the types that JSON has; raise ArgumentError where it has none for it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        if not _is_finite(value):
            raise ArgumentError("JSON has no infinities, and no NaN.")
        return value
    if depth > JSON_DEPTH:
        raise ArgumentError("The request is nested too deeply.")
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise ArgumentError("The names of JSON fields must be text.")
        return {name: _plain(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, depth + 1) for inner in value]
    raise ArgumentError(f"JSON has no place for a {type(value).__name__}.")
