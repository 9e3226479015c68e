"""Give every request an id, and tell in one line how it went.

The id is a proxy's `X-Request-ID` where it looks like one, else made here; it stands in the answer and
in every log line, so that a report leads to the log.
"""

import logging
import re
from collections.abc import Callable
from time import monotonic
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from common import tracing
from raxdash.logs.addresses import note_address

logger = logging.getLogger("raxdash.requests")

# Asked by machines every few seconds: only what goes wrong there is told.
HEALTH = {"healthz", "readyz", "worker_readyz"}
# What ends something that goes on, and must not come late.
URGENT = {"playground:stop", "playground:stop_all"}
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


class RequestIdMiddleware:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its id set."""
        started = begin(request)
        return finish(request, self.get_response(request), started)


def begin(request: HttpRequest) -> float:
    """Set the request's id and its address; return when it began (monotonic seconds)."""
    came_from = (request.headers.get("Referer", ""), request.headers.get("HX-Current-URL", ""))
    note_address(request.path, request.META.get("QUERY_STRING", ""), *came_from)
    given = request.headers.get("X-Request-ID", "")
    tracing.request_id.set(given if WELL_FORMED.fullmatch(given) else uuid4().hex)
    return monotonic()


def finish(request: HttpRequest, response: HttpResponse, started: float) -> HttpResponse:
    """Put the id on the answer and log the request by its route: addresses may hold tokens."""
    response["X-Request-ID"] = tracing.request_id.get()
    match = request.resolver_match
    asked_by_machine = match and match.view_name in HEALTH and response.status_code < 400
    logger.log(
        logging.DEBUG if asked_by_machine else logging.INFO,
        "%s %s %d",
        request.method,
        match.view_name if match else "(no route)",
        response.status_code,
        extra={
            "method": request.method,
            "route": match.view_name if match else None,
            "status": response.status_code,
            "milliseconds": round((monotonic() - started) * 1000),
        },
    )
    return response
