"""The request as our middleware leaves it, how a form is shown, and where to go on after it."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from teams.models import Membership, User

# A page with a form, and what is sent by it.
FORM = require_http_methods(["GET", "HEAD", "POST"])


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


def show_form(request: Request, template: str, fragment: str, form: Form, **context: Any) -> HttpResponse:
    """Answer with a form: as its page, or for htmx as `fragment` of that; 422 where it has errors."""
    name = f"{template}#{fragment}" if request.htmx else template
    return render(request, name, {"form": form, **context}, status=422 if form.errors else 200)
