"""From an error answer to one class of the tree. The status decides, then the code."""

from collections.abc import Mapping
from typing import Any, Final

from rax._answers import RawAnswer
from rax._constants import BODY_CHARS, ENCODED_KEY_BYTES, MESSAGE_CHARS
from rax._errors.details import Detail, read_detail
from rax._errors.pauses import pause_seconds
from rax._errors.texts import decoded, is_page, read_said
from rax._errors.trimming import trimmed
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
from rax._json import JSONError, read_tolerantly
from rax._key import Key
from rax._limits import Limits
from rax._values import printable

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
    "invalid_argument": 400,
    "context_length_exceeded": 400,
    "invalid_api_key": 401,
    "authentication_error": 401,
    "unauthenticated": 401,
    "unauthorized": 401,
    "forbidden": 403,
    "permission_error": 403,
    "permission_denied": 403,
    "model_not_found": 404,
    "not_found_error": 404,
    "not_found": 404,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "resource_exhausted": 429,
    "insufficient_quota": 429,
    "too_many_requests": 429,
    "internal_error": 500,
    "server_error": 500,
    "api_error": 500,
    "service_unavailable": 503,
    "unavailable": 503,
    "overloaded_error": 503,
}
_INSIDE: Final = 500  # what an error inside an answer is taken for where it says nothing of it


def error_from_answer(
    body: bytes, *, answer: RawAnswer, limits: Limits, key: Key, is_billable: bool
) -> StatusError:
    """Return the error of an HTTP answer with an error status: JSON of any shape, a page, or bare text.

    `is_billable` says whether the request could have cost something. Then a 5xx other than 503 is "maybe
    billed": a gateway that gave up says nothing of what the model went on to do.
    """
    status_code = answer.status_code
    detail, value, text = _read(body, answer, key)
    return _build(
        detail,
        value,
        text,
        status=status_code,
        status_code=status_code,
        request_id=answer.request_id,
        limits=limits,
        answer=answer,
        maybe_billed=is_billable and status_code >= 500 and status_code != 503,
    )


def error_from_event(
    value: Any, body: bytes, *, request_id: str | None, limits: Limits, answer: RawAnswer, key: Key
) -> StatusError:
    """Return the error that stands inside a stream, or in a 200: same classes, and maybe billed.

    `value` is what was told, JSON or text. Its class is that of the status it names or its code stands for,
    else ServerError; its `status_code` is the one it names, for nobody sent another.
    """
    value = trimmed(value)
    detail = _without_key(read_detail(value), key)
    return _build(
        detail,
        value,
        excerpt(body, key),
        status=_status_inside(detail),
        status_code=detail.status,
        request_id=request_id,
        limits=limits,
        answer=answer,
        maybe_billed=True,
    )


def unreadable(
    message: str,
    *,
    kind: Kind,
    body: bytes,
    answer: RawAnswer,
    limits: Limits | None,
    key: Key,
    maybe_billed: bool,
) -> AnswerError:
    """Return the error of an answer that is none, with what it says instead: a page's title, or its words."""
    detail, _, text = _read(body, answer, key)
    return AnswerError(
        message,
        kind=kind,
        status_code=answer.status_code,
        code=detail.code,
        type=detail.type,
        param=detail.param,
        request_id=answer.request_id or detail.request_id,
        body=text[:BODY_CHARS],
        provider_message=detail.message,
        is_page=is_page(text),
        limits=limits,
        answer=answer,
        maybe_billed=maybe_billed,
    )


def excerpt(body: bytes, key: Key, content_type: str = "") -> str:
    """Return the beginning of a body as text that is safe to store and to show (escaped), without the key."""
    most_bytes = 4 * BODY_CHARS + ENCODED_KEY_BYTES  # a character has at most four
    return _text(body[:most_bytes], key, content_type)[:BODY_CHARS]


def _text(body: bytes, key: Key, content_type: str) -> str:
    """Return bytes as text without the key, which another charset may have hidden."""
    safe = key.redact_bytes(body)
    text = decoded(safe, content_type)
    return printable(text if text.encode() == safe else key.redact(text))


def _read(body: bytes, answer: RawAnswer, key: Key) -> tuple[Detail, Any, str]:
    """Return what a body says, its value where it is JSON, and its text; none of them with the key."""
    text = _text(body, key, answer.headers.get("content-type", ""))
    try:
        value = trimmed(read_tolerantly(text.encode()))
    except JSONError:
        value = None
    return _without_key(read_said(text), key), value, text


def _without_key(detail: Detail, key: Key) -> Detail:
    """Return what an error says as it may be stored and shown: bounded, and without the key."""
    return detail._replace(
        message=printable(key.redact(detail.message))[:MESSAGE_CHARS],
        code=key.redact_word(detail.code),
        type=key.redact_word(detail.type),
        param=key.redact_word(detail.param),
        request_id=key.redact_word(detail.request_id),
    )


def _status_inside(detail: Detail) -> int:
    """Return the status that an error inside an answer names, or that its code or type stands for."""
    by_type = _STATUS_OF_CODE.get((detail.type or "").lower(), _INSIDE)
    return detail.status or _STATUS_OF_CODE.get((detail.code or "").lower(), by_type)


def _build(
    detail: Detail,
    value: Any,
    text: str,
    *,
    status: int,
    status_code: int | None,
    request_id: str | None,
    limits: Limits,
    answer: RawAnswer,
    maybe_billed: bool,
) -> StatusError:
    default = (ServerError, Kind.SERVER_ERROR) if 500 <= status <= 599 else (StatusError, Kind.OTHER_STATUS)
    error_class, kind = _CLASSES.get(status, default)
    pause = limits.retry_after_seconds
    if kind is Kind.RATE_LIMITED and pause is None:
        pause = pause_seconds(value, detail.message, answer.headers, limits)
    return error_class(
        _sentence(detail, answer),
        kind=kind,
        status_code=status_code,
        code=detail.code,
        type=detail.type,
        param=detail.param,
        request_id=request_id or detail.request_id,
        retry_after_seconds=pause,
        body=text[:BODY_CHARS],
        provider_message=detail.message,
        is_page=is_page(text),
        limits=limits,
        answer=answer,
        maybe_billed=maybe_billed,
    )


def _sentence(detail: Detail, answer: RawAnswer) -> str:
    """Return an error in a sentence; a status stands in it only where it was sent."""
    is_sent = not 200 <= answer.status_code <= 299
    sentence = f"The API answered {answer.status_code}" if is_sent else "The API told of an error"
    if detail.code and detail.code != str(answer.status_code):
        sentence += f" ({detail.code})"
    if answer.location:
        sentence += f", a redirect to {answer.location}"
    return f"{sentence}: {detail.message}" if detail.message else f"{sentence}."
