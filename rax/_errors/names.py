"""The names under which servers say what is wrong."""

import functools
from http import HTTPStatus
from typing import Any, Final

# Names are compared in small letters, without `_` and `-`: `errorMsg`, `error_msg` and `ErrorMsg` are one.
MESSAGES: Final = ("message", "msg", "errormessage", "errormsg", "statusmsg", "statusmessage")
EXPLANATIONS: Final = ("detail", "details", "errordescription", "description", "faultstring", "reason")
# What holds the error itself, and what holds more about single fields.
HOLDERS: Final = ("error", "errors", "err", "detail", "fault", "baseresp", "exception", "response")
# Which of them may be a text: a message, or the name of the error.
NAMED_BY_TEXT: Final = frozenset({"error", "err", "exception"})
LISTS: Final = ("details", "violations", "fieldviolations", "invalidparams", "issues")
CODES: Final = ("code", "errorcode", "errcode", "errno")
STATUSES: Final = ("status", "statuscode", "rawstatuscode", "httpstatus", "httpcode", "httpstatuscode")
TYPES: Final = ("type", "errortype", "status")
REQUEST_IDS: Final = ("requestid", "traceid", "correlationid")
FIELDS: Final = ("param", "parameter", "field", "property")
KNOWN: Final = frozenset({*MESSAGES, *EXPLANATIONS, *HOLDERS, *LISTS, *CODES, *FIELDS, "title", "loc"})
# The place in a request where a field was; a prompt's field is always in its body.
PLACES: Final = frozenset({"body", "query", "header", "path", "data", "attributes"})
# What says only that something is an error, or which status the answer has.
NO_TYPES: Final = frozenset({"error", "fail", "failed", "failure", "about:blank", "ok", "success"})
PHRASES: Final = frozenset(status.phrase.lower() for status in HTTPStatus)


@functools.lru_cache(maxsize=1_000)
def compared(name: str) -> str:
    """Return a name as it is compared."""
    return name.lower().replace("_", "").replace("-", "")


def named(value: Any) -> dict[str, Any]:
    """Return what an object says, by names as they are compared; nothing of what is empty or no object."""
    found: dict[str, Any] = {}
    for name, item in value.items() if isinstance(value, dict) else ():
        if item:
            found.setdefault(compared(name), item)
    return found
