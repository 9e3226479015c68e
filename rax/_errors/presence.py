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


def holds_error(value: Any) -> bool:
    """Whether a JSON value is an error rather than an answer; `"error": null` is none."""
    if isinstance(value, list):
        return bool(value) and all(_is_told_in_list(item) for item in value[:_LOOKED_AT])
    if not isinstance(value, dict):
        return False
    if value.get("error") or value.get("object") == "error" or value.get("type") == "error":
        return True
    if not value.keys() & _ANSWER_FIELDS:
        return _is_nothing_but_error(value)
    return _names_code(value)


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
    says = any(named.get(name) for name in (*names.MESSAGES, "title"))
    return says and _VOCABULARY.issuperset(map(names.compared, value))
