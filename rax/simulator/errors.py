"""The documented errors: one shape, keyed by HTTP status."""

from typing import Any

CODES = {
    400: ("bad_request", "invalid_request_error"),
    401: ("invalid_api_key", "invalid_request_error"),
    403: ("forbidden", "permission_error"),
    404: ("not_found", "invalid_request_error"),
    405: ("method_not_allowed", "invalid_request_error"),
    413: ("request_too_large", "invalid_request_error"),
    429: ("rate_limit_exceeded", "rate_limit_error"),
    500: ("internal_error", "server_error"),
    503: ("service_unavailable", "server_error"),
}


class ApiError(Exception):
    """An answer that is an error; `headers` go out with it."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        return error_body(self.status, self.message)


def error_body(status: int, message: str) -> dict[str, Any]:
    """`{"error": {message, type, code, status}}` with the code that belongs to the status."""
    code, kind = CODES.get(status, CODES[500])
    return {"error": {"message": message, "type": kind, "code": code, "status": status}}
