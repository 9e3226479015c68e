"""Middleware of the whole site."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.decorators import sync_and_async_middleware
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

GetResponse = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def sign_in_on_the_whole_page(get_response: GetResponse) -> GetResponse:
    """Send the whole page to the sign-in where a fragment is asked for after the session has ended.

    A browser follows a redirect by itself: the sign-in would be swapped into the place of the fragment.
    """
    if iscoroutinefunction(get_response):

        async def middleware(request: HttpRequest) -> HttpResponseBase:
            return answer(request, await get_response(request))

        return middleware
    return lambda request: answer(request, get_response(request))  # type: ignore[arg-type]


def answer(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the response, or one that makes htmx open the sign-in and then the page it was on.

    By the back button htmx asks for a page that it was on before, and does not say that it is htmx.
    """
    location = response.headers.get("Location", "")
    login = resolve_url(settings.LOGIN_URL)
    if urlsplit(location).path != login:
        return response
    if "HX-History-Restore-Request" in request.headers:
        return HttpResponseClientRedirect(location)
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return response
    page = htmx.current_url_abs_path
    return HttpResponseClientRedirect(f"{login}?{urlencode({'next': page})}" if page else login)
