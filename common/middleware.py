"""Middleware that only looks at answers, written once for sync and async views."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

GetResponse = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]
OnAnswer = Callable[[HttpRequest, HttpResponseBase], HttpResponseBase]


def on_answer(change: OnAnswer) -> Callable[[GetResponse], GetResponse]:
    """Return the middleware that answers with what `change` makes of a request and its answer."""

    @sync_and_async_middleware
    def factory(get_response: GetResponse) -> GetResponse:
        if iscoroutinefunction(get_response):

            async def middleware(request: HttpRequest) -> HttpResponseBase:
                return change(request, await get_response(request))

            return middleware
        return lambda request: change(request, get_response(request))  # type: ignore[arg-type]  # sync here

    return factory
