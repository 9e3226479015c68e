"""From an error answer, whatever its shape, to one class of the tree. The status decides, then the code."""

from collections.abc import Mapping
from typing import Any, Final

from rax._answers import RawAnswer
from rax._arguments import Key
from rax._constants import BODY_CHARS, ENCODED_KEY_BYTES, MESSAGE_CHARS
from rax._exceptions import (
    AnswerError,
    AuthenticationError,
    BadRequestError,
    Kind,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    StatusError,
    UnavailableError,
)
from rax._json import JSONError, read_json
from rax._limits import Limits
from rax._values import printable, read_code, read_object, read_text

_CLASSES: Final[Mapping[int, tuple[type[StatusError], Kind]]] = {
    400: (BadRequestError, Kind.BAD_REQUEST),
    401: (AuthenticationError, Kind.AUTHENTICATION),
    403: (PermissionDeniedError, Kind.PERMISSION_DENIED),
    404: (NotFoundError, Kind.NOT_FOUND),
    405: (NotFoundError, Kind.NOT_FOUND),
    410: (NotFoundError, Kind.NOT_FOUND),
    413: (BadRequestError, Kind.BAD_REQUEST),
    422: (BadRequestError, Kind.BAD_REQUEST),
    429: (RateLimitError, Kind.RATE_LIMITED),
    503: (UnavailableError, Kind.UNAVAILABLE),
}
# The codes and types that servers put where there is no status to go by: inside a stream.
_STATUS_OF_CODE: Final[Mapping[str, int]] = {
    "bad_request": 400,
    "invalid_request_error": 400,
    "invalid_api_key": 401,
    "authentication_error": 401,
    "forbidden": 403,
    "permission_error": 403,
    "model_not_found": 404,
    "not_found_error": 404,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "internal_error": 500,
    "server_error": 500,
    "api_error": 500,
    "service_unavailable": 503,
    "overloaded_error": 503,
}
_ANSWER_FIELDS: Final = frozenset({"choices", "data", "models", "total_tokens"})


def error_from_answer(
    body: bytes, *, answer: RawAnswer, limits: Limits, key: Key, is_billable: bool
) -> StatusError:
    """Return the error of an HTTP answer: `{"error": …}`, `{"detail": …}`, HTML or bare text.

    `is_billable` says whether the request could have cost something. Then a 5xx other than 503 is "maybe
    billed": a gateway that gave up says nothing of what the model went on to do.
    """
    status_code = answer.status_code
    try:
        value = read_json(body)
    except JSONError:
        value = None
    value = key.redact_json(value)
    return _build(
        _describe(value),
        status_code=status_code,
        body=body,
        request_id=answer.request_id or read_text(read_object(value).get("request_id")),
        limits=limits,
        answer=answer,
        key=key,
        maybe_billed=is_billable and status_code >= 500 and status_code != 503,
    )


def error_from_event(
    value: Any, body: bytes, *, request_id: str | None, limits: Limits, answer: RawAnswer, key: Key
) -> StatusError:
    """Return the error that stands inside a stream, or in a 200: same classes, and maybe billed.

    Its status is the one it names, or the one its code stands for, else 500.
    """
    detail = _describe(key.redact_json(value))
    return _build(
        detail,
        status_code=_status_inside(detail),
        body=body,
        request_id=request_id,
        limits=limits,
        answer=answer,
        key=key,
        maybe_billed=True,
    )


def unforeseen(error: Exception, answer: RawAnswer, key: Key, *, maybe_billed: bool) -> AnswerError:
    """Return the error for an answer at which our reading of it broke: what came is not lost with it.

    The words of what was raised, which is to become its cause, hold no key from now on.
    """
    link: BaseException | None = error
    while link is not None:
        link.args = (key.redact(str(link)),)
        link = link.__cause__ or link.__context__
    return AnswerError(
        "The answer could not be read.",
        kind=Kind.UNEXPECTED_SHAPE,
        status_code=answer.status_code,
        request_id=answer.request_id,
        answer=answer,
        maybe_billed=maybe_billed,
    )


def holds_error(value: Mapping[str, Any]) -> bool:
    """Whether a JSON object is an error rather than an answer; `"error": null` is none."""
    if value.get("error") or value.get("object") == "error" or value.get("type") == "error":
        return True
    return bool(value.get("detail")) and not value.keys() & _ANSWER_FIELDS


def _status_inside(detail: Mapping[str, Any]) -> int:
    """Return the status an error names, as `status` or as a numeric code, or that its code stands for."""
    code = read_code(detail.get("code")) or ""
    is_status = code.isascii() and code.isdigit() and len(code) == 3  # int refuses the digit "²"
    for status in (detail.get("status"), int(code) if is_status else None):
        if isinstance(status, int) and not isinstance(status, bool) and 400 <= status <= 599:
            return status
    by_type = _STATUS_OF_CODE.get(read_text(detail.get("type")) or "", 500)
    return _STATUS_OF_CODE.get(code, by_type)


def _describe(value: Any) -> Mapping[str, Any]:
    """Return the object that holds message, code and type, from any of the shapes seen in the wild."""
    outer = read_object(value)
    inner = outer.get("error") or outer.get("detail")
    if isinstance(inner, list):
        inner = inner[0] if inner else None
    if isinstance(inner, str):
        return {**outer, "message": inner}
    if not isinstance(inner, dict):
        return outer
    if "message" not in inner and isinstance(inner.get("error"), dict | str):
        return _describe({"error": inner["error"]})
    return inner if "message" in inner else {**inner, "message": inner.get("msg")}


def _build(
    detail: Mapping[str, Any],
    *,
    status_code: int,
    body: bytes,
    request_id: str | None,
    limits: Limits,
    answer: RawAnswer,
    key: Key,
    maybe_billed: bool,
) -> StatusError:
    default = (
        (ServerError, Kind.SERVER_ERROR) if 500 <= status_code <= 599 else (StatusError, Kind.OTHER_STATUS)
    )
    error_class, kind = _CLASSES.get(status_code, default)
    request_id = request_id or read_text(detail.get("request_id"))
    code = key.redact_word(read_code(detail.get("code")))
    said = detail.get("message")
    words = printable(said)[:MESSAGE_CHARS] if isinstance(said, str) else ""
    message = f"The API answered {status_code}"
    message += f" ({code})" if code else ""
    message += f": {words}" if words else "."
    return error_class(
        message,
        kind=kind,
        status_code=status_code,
        code=code,
        request_id=printable(request_id) if request_id else None,
        retry_after_seconds=limits.retry_after_seconds,
        body=excerpt(body, key),
        provider_message=words,
        limits=limits,
        answer=answer,
        maybe_billed=maybe_billed,
    )


def excerpt(body: bytes, key: Key) -> str:
    """Return the beginning of a body as text that is safe to store and to show (escaped), without the key."""
    most_bytes = 4 * BODY_CHARS + ENCODED_KEY_BYTES  # a character has at most four
    return printable(key.redact_bytes(body[:most_bytes]).decode("utf-8", "replace"))[:BODY_CHARS]
