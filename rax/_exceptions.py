"""What can go wrong between us and the API, as one tree.

    RaxError
    ├── ArgumentError (also ValueError)   what we were given cannot be sent; nothing was
    │   ├── KeyShapeError                 not printable ASCII, empty, or too long
    │   └── BaseURLError                  not http(s), or with credentials, query or fragment
    ├── MisuseError (also RuntimeError)   closed, entered twice, or asked on another event loop
    ├── TransportError                    there is no whole answer
    │   ├── AddressRefusedError           not global and not allowed, or global and asked in plain http
    │   ├── ConnectError                  name, port, TLS, pool or proxy: nothing was sent
    │   ├── ConnectionLostError           lost after sending
    │   └── DeadlineError                 a deadline of ours passed
    ├── AnswerError                       an answer came and cannot be read
    └── StatusError                       the API says no, by status or inside a stream
        ├── BadRequestError               400, 413, 422
        ├── AuthenticationError           401
        ├── PermissionDeniedError         403
        ├── NotFoundError                 404, 405, 410: no such endpoint or model
        ├── RateLimitError                429
        └── ServerError                   5xx
            └── UnavailableError          503

Decide by class or by `kind`, never by the words. Words never hold the key, nor the text of an
exception of the HTTP library (which may).
"""

from enum import StrEnum
from typing import Any

from rax._answers import RawAnswer
from rax._limits import Limits


class Kind(StrEnum):
    """The closed list of reasons, for storing, counting and translating."""

    ARGUMENT = "argument"
    MISUSE = "misuse"
    ADDRESS_REFUSED = "address_refused"
    PLAIN_HTTP = "plain_http"
    NAME_NOT_FOUND = "name_not_found"
    CONNECT_FAILED = "connect_failed"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS_FAILED = "tls_failed"
    PROXY_FAILED = "proxy_failed"
    CONNECTION_LOST = "connection_lost"
    TOTAL_DEADLINE = "total_deadline"
    IDLE_DEADLINE = "idle_deadline"
    NOT_HTTP = "not_http"
    TOO_LARGE = "too_large"
    ENCODED = "encoded"
    NOT_JSON = "not_json"
    UNEXPECTED_SHAPE = "unexpected_shape"
    EMPTY_STREAM = "empty_stream"
    BAD_REQUEST = "bad_request"
    AUTHENTICATION = "authentication"
    PERMISSION_DENIED = "permission_denied"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    UNAVAILABLE = "unavailable"
    OTHER_STATUS = "other_status"


class Deadline(StrEnum):
    """The deadlines that can pass, named as in `Timeouts`."""

    CONNECT = "connect"
    FIRST_TOKEN = "first_token"  # noqa: S105 no password
    BETWEEN_TOKENS = "between_tokens"
    WHOLE = "whole"
    GET = "get"


class RaxError(Exception):
    """Base of all errors of this package.

    `status_code` is the HTTP status; of an error inside an answer the one that it names, None where it names
    none. `code`, `type` and `param` are the API's own, as text: which error, of what sort, about which field.
    `request_id` is the provider's; `retry_after_seconds` how long it asked us to wait, by a header, a field
    or a date in its words; `body` at most 2,000 characters of the answer with the key blotted out;
    `provider_message` the API's own words; `is_page` says that they are a web page's; `limits` the rate-limit
    headers that came with it; `kind` one of `Kind`; `answer` what was received, with headers, the provider's
    date and, but for streams, the body; None where no answer came or it was not waited for. `maybe_billed` is
    true where the request may have been carried out although we have no answer to show for it.

    Errors can be copied and pickled; all of this goes with them.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: Kind,
        status_code: int | None = None,
        code: str | None = None,
        type: str | None = None,  # noqa: A002 as the API calls it
        param: str | None = None,
        request_id: str | None = None,
        retry_after_seconds: float | None = None,
        body: str = "",
        provider_message: str = "",
        is_page: bool = False,
        limits: Limits | None = None,
        answer: RawAnswer | None = None,
        maybe_billed: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.status_code = status_code
        self.code = code
        self.type = type
        self.param = param
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds
        self.body = body
        self.provider_message = provider_message
        self.is_page = is_page
        self.limits = limits
        self.answer = answer
        self.maybe_billed = maybe_billed

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions are made anew from their `args`, which are the message alone.
        return _restored, (type(self), self.args), self.__dict__


def _restored(error_class: type[RaxError], args: tuple[Any, ...]) -> RaxError:
    """Return an error of this class whose attributes are still to come."""
    return error_class.__new__(error_class, *args)


class ArgumentError(RaxError, ValueError):
    """An argument cannot be sent; raised before anything is."""

    def __init__(self, message: str) -> None:
        super().__init__(message, kind=Kind.ARGUMENT)


class KeyShapeError(ArgumentError):
    """The key is empty, too long, or has characters that are not printable ASCII."""


class BaseURLError(ArgumentError):
    """The base URL is not a plain http or https address."""


class MisuseError(RaxError, RuntimeError):
    """A client, a stream or a pool is used as it cannot be: after it was closed, twice, or on another event
    loop than the one it belongs to."""

    def __init__(self, message: str) -> None:
        super().__init__(message, kind=Kind.MISUSE)


class TransportError(RaxError):
    """No whole answer arrived.

    `deadline` says which of our deadlines passed, and `seconds` how long it was; None for other reasons.
    """

    deadline: Deadline | None = None
    seconds: float | None = None


class AddressRefusedError(TransportError):
    """The server's address is neither global nor listed as allowed; or it is global, and plain http was to
    carry the key there (`Kind.PLAIN_HTTP`)."""


class ConnectError(TransportError):
    """No connection could be made, so nothing was sent."""


class ConnectionLostError(TransportError):
    """The connection broke after the request was sent."""


class DeadlineError(TransportError):
    """A deadline of `Timeouts` passed: the wire was silent for too long (`Kind.IDLE_DEADLINE`), or the answer
    was not whole in time (`Kind.TOTAL_DEADLINE`)."""

    def __init__(self, deadline: Deadline, seconds: float, *, maybe_billed: bool = False) -> None:
        is_silence = deadline in (Deadline.FIRST_TOKEN, Deadline.BETWEEN_TOKENS)
        kind = Kind.IDLE_DEADLINE if is_silence else Kind.TOTAL_DEADLINE
        super().__init__(deadline_words(deadline, seconds), kind=kind, maybe_billed=maybe_billed)
        self.deadline, self.seconds = deadline, seconds


class AnswerError(RaxError):
    """An answer came that is too large, encoded, not JSON, or not of a shape we know."""


class StatusError(RaxError):
    """The API answered with an error, by HTTP status or inside a stream."""


class BadRequestError(StatusError):
    """400, 413 or 422: the request is malformed or a parameter is out of range."""


class AuthenticationError(StatusError):
    """401: the key is missing, unknown or revoked."""


class PermissionDeniedError(StatusError):
    """403: the key is known and may not do this."""


class NotFoundError(StatusError):
    """404, 405 or 410: the server has no such endpoint, or no such model."""


class RateLimitError(StatusError):
    """429: too many requests or tokens; `retry_after_seconds` says when to come back, if the API did."""


class ServerError(StatusError):
    """5xx: the API failed."""


class UnavailableError(ServerError):
    """503: the API is temporarily unavailable."""


def deadline_words(deadline: Deadline, seconds: float) -> str:
    """Return which deadline passed, with its number, and what to raise to wait longer."""
    happened = {
        Deadline.CONNECT: "No connection was made within {} s",
        Deadline.FIRST_TOKEN: "Nothing came for {} s before the answer began",
        Deadline.BETWEEN_TOKENS: "Nothing came for {} s in the middle of the answer",
        Deadline.WHOLE: "The answer was not whole after {} s",
        Deadline.GET: "No answer came within {} s",
    }[deadline].format(f"{seconds:g}")
    return f"{happened}. Raise `Timeouts.{deadline}_seconds` to wait longer."
