"""What goes wrong, as programs read it: a code that stays as it is, and a sentence for who reads the log."""

from typing import Any

import orjson
from django.http import HttpResponse

from common import tracing

PREFIX = "/api/"
JSON = "application/json"
CODES = {
    400: "bad_request",
    401: "token_missing",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    414: "address_too_long",
    429: "too_many_requests",
    431: "headers_too_long",
    500: "server_error",
    503: "unavailable",
}
WORDS = {
    400: "This request could not be read.",
    403: "This may not be done with this token.",
    404: "There is nothing at this address; /api/v1/openapi.json says what there is.",
    500: "Something went wrong here. It has been logged under the request's id.",
    503: "The database is busy or away. Try again in a moment.",
}


class Problem(Exception):
    """Why a request is not answered: a status, a code, a sentence, and headers that belong to it."""

    def __init__(self, status: int, words: str, code: str = "", **headers: str) -> None:
        super().__init__(words)
        self.status, self.code, self.headers = status, code or CODES[status], headers


def is_for_programs(path: str) -> bool:
    """Tell whether a program asks this address: it is answered in JSON, whatever goes wrong."""
    return path.startswith(PREFIX)


def body_of(code: str, words: str) -> bytes:
    """The body that tells of a problem, with the id of the request that stands in the log."""
    error: dict[str, Any] = {"code": code, "message": words, "request_id": tracing.request_id.get() or None}
    return orjson.dumps({"error": error})


def answer(problem: Problem) -> HttpResponse:
    """The answer that tells of a problem."""
    response = HttpResponse(body_of(problem.code, str(problem)), status=problem.status, content_type=JSON)
    for name, value in problem.headers.items():
        response[name.replace("_", "-")] = value
    return response


def error_answer(status: int) -> HttpResponse:
    """What the error handlers of the whole site answer to a program."""
    return answer(Problem(status, WORDS[status]))
