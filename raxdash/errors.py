"""Error pages in human words: with the menu where the team is known; as a message for a part of a page."""

import re

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from common.fragments import wants_fragment
from teams.models import Membership

WORDS = {
    400: ("That request could not be read", "Go back and try again."),
    403: ("You may not do this", "Ask an owner or admin of the team for a role that may."),
    404: ("There is no such page", "It may have been deleted, or the link may be incomplete."),
    500: (
        "Something went wrong here",
        "It has been logged. Try again; if it stays, tell whoever runs this raxdash.",
    ),
}

TEAM_ADDRESS = re.compile(r"/t/([-\w]+)/")


def page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """Render the error as a page, or as a message that htmx puts above the page that stays."""
    title, advice = WORDS[status]
    context = {"title": title, "advice": detail or advice, "status": status}
    if wants_fragment(request):
        answer = render(request, "error.html#message", context, status=status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#messages", "innerHTML show:top"
        return answer
    find_team(request)
    context["frame"] = "base.html" if hasattr(request, "membership") else "entrance.html"
    return render(request, "error.html", context, status=status)


def find_team(request: HttpRequest) -> None:
    """Let the error keep the menu of the team in its address, where the person belongs to it."""
    found, user = TEAM_ADDRESS.match(request.path_info), getattr(request, "user", None)
    if hasattr(request, "membership") or not found or user is None or not user.is_authenticated:
        return
    memberships = Membership.objects.select_related("team", "user").filter(team__deleted_at=None)
    if membership := memberships.filter(team__slug=found[1], user=user.pk).first():
        setattr(request, "membership", membership)  # noqa: B010  a plain request knows no such attribute


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
    """Answer 500, without the menu where it is the database that fails."""
    try:
        return page(request, 500)
    except DatabaseError:
        title, advice = WORDS[500]
        context = {"title": title, "advice": advice, "status": 500, "frame": "entrance.html"}
        return HttpResponse(render_to_string("error.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or from another session."""
    return page(
        request, 403, "This page was open for too long or in another session. Reload it and try again."
    )
