"""raxdash's web process with one page more, the least that tells somebody signed in something: a file."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, path

from raxdash.asgi import application

__all__ = ["application"]

CONTENT: list[bytes] = []


def bare(request: HttpRequest) -> HttpResponse:
    """Answer with the file, which is read once; the login stands before it."""
    if not CONTENT:
        CONTENT.append((Path(settings.DATA_DIR) / "bare.json").read_bytes())
    return HttpResponse(CONTENT[0], content_type="application/json", headers={"X-Person": str(request.user)})


get_resolver().url_patterns.append(path("bare/", bare, name="bare"))
