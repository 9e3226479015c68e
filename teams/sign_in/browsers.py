"""Browsers in which somebody signed in before: a signed cookie that outlives the session and lets nobody in.

It names the accounts, each with a fingerprint of its password: a new password makes all browsers strangers,
but the one in which it was chosen.
"""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare

from common.middleware import on_answer
from teams.models import User

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


@on_answer
def remember_browser(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Give the browser its cookie with the answer in which somebody came in: the latest account last."""
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
