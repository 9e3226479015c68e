"""A failure told inside what looks like an answer, also where a correct reader does not look for it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from rax._errors import holds_error, tells_error

# What servers say for a finish reason when they failed.
_FAILED: Final = re.compile(
    r"(?:.*[_ -])?(?:error|failed|failure|exception)(?:\W.*)?", re.IGNORECASE | re.DOTALL
)
# Their `error` is not the answer's: Azure tells there that its filter was away, others what a tool said.
_NOT_ITS_OWN: Final = ("filter", "tool", "function", "usage", "logprobs", "annotation")

# Those that say nothing more.
_BARE: Final = frozenset({"", "error", "failed", "failure", "exception"})
# Where a choice holds what the model said.
_WORDS: Final = frozenset({"message", "delta", "text", "content"})

_ERROR_NAME: Final = re.compile(r"error(s|_?message|_?msg)?$", re.IGNORECASE)
_ENVELOPE: Final = frozenset({"id", "object", "created", "model", "choices", "system_fingerprint"})


def is_failure(finish_reason: str | None) -> bool:
    """Tell whether a finish reason says that the server failed."""
    return finish_reason is not None and _FAILED.fullmatch(finish_reason) is not None


def find_failed(choices: list[Any]) -> Mapping[str, Any]:
    """Return what the choice whose finish reason says that the server failed tells, beside its words."""
    reasons = ((choice, choice.get("finish_reason")) for choice in choices if isinstance(choice, dict))
    told = ((one, reason) for one, reason in reasons if isinstance(reason, str) and is_failure(reason))
    failed, reason = next(told, ({}, ""))
    beside = {name: item for name, item in failed.items() if name not in _WORDS}
    return beside if reason.lower() in _BARE else {"message": reason, **beside}


def find_failure(value: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what tells of an error in an event or an answer: itself, a choice, or an object inside them."""
    choices = value.get("choices")
    if holds_error(value) or (not choices and holds_error(_without_envelope(value))):
        return value
    holders = [value, *(choices if isinstance(choices, list) else ())]
    inside = (inner for holder in holders for inner in _objects(holder, 2))
    return next((told for inner in inside if (told := _told(inner)) is not None), None)


def _without_envelope(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in an event beside what all events have, and beside a list of no choices."""
    return {name: item for name, item in value.items() if name not in _ENVELOPE and (item or name != "usage")}


def _objects(value: Any, nested: int) -> Iterator[Mapping[str, Any]]:
    """Yield an object and those inside it that may tell of the answer's failure."""
    if not isinstance(value, dict):
        return
    yield value
    if nested:
        for name, inside in value.items():
            if not any(word in name for word in _NOT_ITS_OWN):
                yield from _objects(inside, nested - 1)


def _told(value: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the error that an object tells under a name that ends so; a number is none."""
    if value.get("type") == "error" or value.get("status") == "error":
        return value
    for name, item in value.items():
        if isinstance(item, dict | list | str) and tells_error(item) and _ERROR_NAME.search(name):
            return value if name == "error" else {"error": item}
    return None
