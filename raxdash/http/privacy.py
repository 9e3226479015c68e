"""What every answer of Django's says: it is ours, nobody else reads it, and nobody keeps it unasked.

Pages differ from person to person, errors, redirects and parts of pages too. Static files are no answers of
Django's, and are kept for ever.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from common.headers import ANSWERED_BY, PERMISSIONS_POLICY
from common.middleware import on_answer

# Pages that the browser keeps, for its back button too, and what scripts stored. Not "cookies": that would
# take those of the whole domain, and sign people out of whatever else is below it.
LEAVE_NOTHING = '"cache", "storage"'


@on_answer
def private(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer with its headers."""
    name, ours = ANSWERED_BY
    response.headers[name] = ours
    # What has a tag may be kept by whoever asked, and is asked again before it is used.
    keeping = "no-cache" if "ETag" in response.headers else "no-store"
    response.headers["Cache-Control"] = f"private, {keeping}"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
    if hasattr(request, "has_signed_out"):
        response.headers["Clear-Site-Data"] = LEAVE_NOTHING
    return response


def note_sign_out(*, request: HttpRequest, user: Any, **_: object) -> None:
    """Note that the session of a person ends with this request."""
    if user is not None:
        setattr(request, "has_signed_out", True)  # noqa: B010  a plain request knows no such attribute


user_logged_out.connect(note_sign_out, dispatch_uid="raxdash.http.privacy")
