"""Middleware of the whole site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from common.middleware import on_answer


@on_answer
def sign_in_on_the_whole_page(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Send the whole page to the sign-in where a fragment is asked for after the session has ended.

    A browser follows a redirect by itself: the sign-in would be swapped into the place of the fragment. So
    htmx is made to open it, and then the page it was on.
    By the back button htmx asks for a page that it was on before, and does not say that it is htmx.
    A form leads back to the page it stands on: what takes it need not be a page, and the words are there.
    """
    location = response.headers.get("Location", "")
    login = resolve_url(settings.LOGIN_URL)
    if urlsplit(location).path != login:
        return response
    if request.method == "POST" and (form := page_of_form(request)) and "next=" in location:
        response.headers["Location"] = f"{login}?{urlencode({'next': form})}"
    if "HX-History-Restore-Request" in request.headers:
        return HttpResponseClientRedirect(location)
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return response
    page = htmx.current_url_abs_path
    return HttpResponseClientRedirect(f"{login}?{urlencode({'next': page})}" if page else login)


def page_of_form(request: HttpRequest) -> str:
    """Return the page of this site that a form was sent from; empty where the browser tells none."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return ""
    return urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl()
