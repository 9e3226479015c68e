"""Which part of a page a request asks for, and whether that part has changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx swaps a part of the page. By the back button it asks for whole pages too."""
    return request.headers.get("HX-Request-Type") == "partial"


def render_fragment(
    request: HttpRequest, template: str, fragment: str, context: dict[str, Any], tag: str = ""
) -> HttpResponse:
    """Render the page, or `fragment` of it for htmx, named by the polling tag `tag`."""
    name = f"{template}#{fragment}" if wants_fragment(request) else template
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    if tag:
        response.headers["HX-PTag"] = tag
    return response


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """The answer "nothing changed" where htmx already shows the content of this tag."""
    return HttpResponseNotModified() if tag and shown_tag(request) == tag else None


def shown_tag(request: HttpRequest) -> str:
    """The tag of the content that htmx already shows and asks about; empty where it shows none."""
    return request.headers.get("HX-PTag", "") if wants_fragment(request) else ""
