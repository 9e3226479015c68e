"""Whether a JSON value is an error at all: servers also say 200 and tell it inside."""

from collections.abc import Mapping
from typing import Any, Final

from rax._errors import names

_ANSWER_FIELDS: Final = frozenset(
    {"choices", "data", "models", "total_tokens", "total_requests", "usage", "breakdown", "output", "result"}
)
# An object of nothing but these, with a message, is an error.
_VOCABULARY: Final = frozenset(
    {
        *names.MESSAGES,
        *names.EXPLANATIONS,
        *names.LISTS,
        *names.CODES,
        *names.STATUSES,
        *names.TYPES,
        *names.REQUEST_IDS,
        *("title", "param", "object", "instance", "success", "path", "timestamp"),
    }
)
# So many of a list are looked at: it may have a million.
_LOOKED_AT: Final = 100


# Under these names it is told whether something is an error.
_TELLING: Final = frozenset({*names.CODES, *names.STATUSES, "success"})
# What says that all is well, or goes on, where an error would have its code, its status or its words.
_WELL: Final = frozenset(
    (
        *("ok", "success", "successful", "succeeded", "completed", "none", "null", "0", "200"),
        *("processing", "pending", "queued", "waiting", "running", "started", "in_progress"),
        *("ping", "pong", "heartbeat", "info", "warning"),
    )
)


def holds_error(value: Any) -> bool:
    """Whether a JSON value is an error rather than an answer; `"error": null` is none."""
    if isinstance(value, list):
        return bool(value) and all(_is_told_in_list(item) for item in value[:_LOOKED_AT])
    if not isinstance(value, dict):
        return False
    if tells_error(value.get("error")) or value.get("object") == "error" or value.get("type") == "error":
        return True
    if not value.keys() & _ANSWER_FIELDS:
        return _is_nothing_but_error(value)
    return _names_code(value)


def tells_error(error: Any) -> bool:
    """Tell whether what stands under `error` is one, and not an object that says there is none."""
    if not isinstance(error, dict):
        return bool(error)
    return not all(_is_well(said) for said in error.values())


def _is_well(said: Any) -> bool:
    """Tell whether a code, a status or words say that there is no error."""
    if isinstance(said, int | float) and 200 <= said <= 299:
        return True
    return not said or said is True or str(said).lower() in _WELL


def _is_told_in_list(value: Any) -> bool:
    """Tell whether an entry of a list is an error; one with an id alone is a model, or whatever is listed."""
    return isinstance(value, dict) and holds_error(value) and bool(value.get("error") or "id" not in value)


def _names_code(value: Mapping[str, Any]) -> bool:
    """Tell whether it names an error beside an answer; 0 and "" are none."""
    if "error_code" not in value and "error_msg" not in value and "base_resp" not in value:
        return False  # asked of every chunk of a stream
    return bool(value.get("error_code") or value.get("error_msg") or _base_code(value))


def _base_code(value: Mapping[str, Any]) -> Any:
    return names.named(value.get("base_resp")).get("statuscode")


def _is_nothing_but_error(value: Mapping[str, Any]) -> bool:
    named = names.named(value)
    if any(named.get(name) for name in ("error", "errors", "errorcode", "errormsg", "errormessage", "fault")):
        return True
    if named.get("detail") or value.get("success") is False or _base_code(value):
        return True
    if names.named(named.get("response")).get("error"):
        return True
    said = [named[name] for name in (*names.MESSAGES, "title") if isinstance(named.get(name), str | list)]
    codes = [item for name, item in value.items() if names.compared(name) in _TELLING and item is not None]
    if all(map(_is_well, said)) or (codes and all(map(_is_well, codes))):
        return False
    return _VOCABULARY.issuperset(map(names.compared, value))
