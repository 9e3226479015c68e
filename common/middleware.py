"""Middleware that only looks at answers.

All middleware runs in the request's thread, whatever the view is (raxdash/http/handler.py): none is async.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
OnAnswer = Callable[[HttpRequest, HttpResponseBase], HttpResponseBase]


def on_answer(change: OnAnswer) -> Callable[[GetResponse], GetResponse]:
    """Return the middleware that answers with what `change` makes of a request and its answer."""

    def factory(get_response: GetResponse) -> GetResponse:
        return lambda request: change(request, get_response(request))

    return factory
