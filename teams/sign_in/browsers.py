"""Browsers in which somebody signed in before: a signed cookie that outlives the session and lets nobody in.

It names the accounts, each with a fingerprint of its password: a new password makes all browsers strangers,
but the one in which it was chosen.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.decorators import sync_and_async_middleware

from teams.models import User

GetResponse = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]

SALT = "raxdash browser"
MAX_AGE = 400 * 24 * 3600  # the longest that browsers keep a cookie
MOST_ACCOUNTS = 8


def known_as(request: HttpRequest, email: str) -> str:
    """Return the browser's name where the account of this address signed in here before, else nothing."""
    name, accounts = read(request)
    if not accounts:
        return ""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        return ""
    return name if constant_time_compare(accounts.get(str(user.pk), ""), fingerprint(user)) else ""


def read(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """Return the name and the accounts that the cookie says; a new name where there is none of ours."""
    try:
        said = signing.loads(
            request.COOKIES.get(settings.BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=MAX_AGE
        )
        return str(said["name"]), dict(said["accounts"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return uuid4().hex, {}


def fingerprint(user: User) -> str:
    """Return what changes with the password, and tells nothing of it."""
    return str(user.get_session_auth_hash())[:32]


def came_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Hear that somebody proved here who they are: by their password, or by a link of their mailbox."""
    setattr(request, "came_in", user)  # noqa: B010  a plain request knows no such attribute


@sync_and_async_middleware
def remember_browser(get_response: GetResponse) -> GetResponse:
    """Give the browser its cookie with the answer in which somebody came in."""
    if iscoroutinefunction(get_response):

        async def middleware(request: HttpRequest) -> HttpResponseBase:
            return remember(request, await get_response(request))

        return middleware
    return lambda request: remember(request, get_response(request))  # type: ignore[arg-type]


def remember(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Add the account to the browser's cookie, the latest ones last."""
    user = getattr(request, "came_in", None)
    if user is None:
        return response
    name, accounts = read(request)
    accounts.pop(str(user.pk), None)
    accounts = dict([*accounts.items(), (str(user.pk), fingerprint(user))][-MOST_ACCOUNTS:])
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        signing.dumps({"name": name, "accounts": accounts}, salt=SALT),
        max_age=MAX_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
