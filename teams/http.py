"""The request as our middleware leaves it, and where to go on after it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from teams.models import Membership, User


class Request(HttpRequest):
    """A request of a signed-in person, for views behind the login."""

    user: User
    htmx: HtmxDetails
    # Set by teams.permissions.get_access, read by the page's frame.
    membership: Membership


def go_on(request: Request, to: str, **arguments: Any) -> HttpResponse:
    """Go on to an address, or to a route by its name and arguments, by htmx's header where htmx asked."""
    response = redirect(to, **arguments)
    return HttpResponseClientRedirect(response.url) if request.htmx else response
