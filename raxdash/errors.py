"""Error pages in human words; an htmx request gets a fragment of them, since htmx 4 swaps errors too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WORDS = {
    400: ("That request could not be read", "Go back and try again."),
    403: ("You may not do this", "Ask an owner or admin of the team for a role that may."),
    404: ("There is no such page", "It may have been deleted, or the link may be incomplete."),
    500: (
        "Something went wrong here",
        "It has been logged. Try again; if it stays, tell whoever runs this raxdash.",
    ),
}


def page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """Render the error as a page, or as a fragment for htmx."""
    title, advice = WORDS[status]
    template = "error.html#error" if getattr(request, "htmx", False) else "error.html"
    return render(
        request, template, {"title": title, "advice": detail or advice, "status": status}, status=status
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the reason that our own checks gave."""
    return page(request, 403, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same whether the thing is missing or another team's."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or from another session."""
    return page(
        request, 403, "This page was open for too long or in another session. Reload it and try again."
    )
