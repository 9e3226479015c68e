"""A form that could not be handled is offered again: what was typed is not lost."""

import re
from typing import NamedTuple

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.http import escape_leading_slashes

# What is never written into a page.
SECRET = re.compile(r"password|secret|token(?!s)|code", re.IGNORECASE)


class Form(NamedTuple):
    """What was posted, for another try. Where it holds a secret there are no fields, only words."""

    address: str
    fields: list[tuple[str, str]]
    csrf_token: str


def form(request: HttpRequest) -> Form | None:
    """Return what was posted from a page of ours; None where nothing was, or where it cannot be read."""
    if request.method != "POST" or request.content_type == "application/json":
        return None
    # Another site's form, which was not let in, must not be offered with a token of ours.
    if not getattr(request, "csrf_processing_done", False):
        return None
    try:
        posted = request.POST.lists()
    except Exception:
        # An upload that was cut off, a body that is too large, and what else may be wrong with it.
        return None
    fields = [(name, value) for name, values in posted for value in values if name != "csrfmiddlewaretoken"]
    if request.FILES or any(SECRET.search(name) for name, _ in fields):
        fields = []
    return Form(address_of(request), fields, get_token(request))


def address_of(request: HttpRequest) -> str:
    """Return where the same is asked again: on this site, whatever was asked for (`//example.com/a`)."""
    return escape_leading_slashes(request.get_full_path())
