"""Error pages in human words: with the menu where the team is known; as a message for a part of a page; for
programs as JSON.
"""

import logging
import re
import sys

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from common.database import faults
from common.fragments import wants_fragment
from raxdash.http import resending
from teams.models import Membership
from usage.api.problems import error_answer, is_for_programs

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5
WORDS = {
    400: ("That request could not be read", "Go back and try again."),
    403: ("You may not do this", "Ask an owner or admin of the team for a role that may."),
    404: ("There is no such page", "It may have been deleted, or the link may be incomplete."),
    500: (
        "Something went wrong here",
        "It has been logged. Try again; if it stays, tell whoever runs this raxdash.",
    ),
    503: (
        "The database is busy or away",
        "This usually passes within seconds. Try again in a moment; "
        "if it stays, tell whoever runs this raxdash.",
    ),
}

TEAM_ADDRESS = re.compile(r"/t/([-\w]+)/")


def page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """Render the error as a page, or as a message that htmx puts above the page that stays."""
    if is_for_programs(request.path_info):
        return error_answer(status)
    title, advice = WORDS[status]
    context = {"title": title, "advice": detail or advice, "status": status}
    if wants_fragment(request):
        return above_the_page(render(request, "error.html#message", context, status=status))
    find_team(request)
    context["frame"] = "base.html" if hasattr(request, "membership") else "entrance.html"
    return render(request, "error.html", context, status=status)


def above_the_page(answer: HttpResponse) -> HttpResponse:
    """Let htmx put the answer among the page's messages; all else stays as it is, typed text too."""
    answer["HX-Retarget"], answer["HX-Reswap"] = "#messages", "innerHTML show:top"
    return answer


def find_team(request: HttpRequest) -> None:
    """Let the error keep the menu of the team in its address, where the person belongs to it."""
    found, user = TEAM_ADDRESS.match(request.path_info), getattr(request, "user", None)
    if hasattr(request, "membership") or not found or user is None or not user.is_authenticated:
        return
    memberships = Membership.objects.select_related("team", "user").filter(team__deleted_at=None)
    if membership := memberships.filter(team__slug=found[1], user=user.pk).first():
        setattr(request, "membership", membership)  # noqa: B010  a plain request knows no such attribute


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Answer 503 in words and say when to come again; it asks nothing of a database that is away."""
    match = request.resolver_match
    logger.warning(
        "%s: the database is busy or away (%s)",
        match.view_name if match else "(no route)",
        faults.name_of(error),
    )
    answer = without_the_database(request, 503)
    answer["Retry-After"], answer["Cache-Control"] = str(RETRY_SECONDS), "no-store"
    return answer


def without_the_database(request: HttpRequest, status: int) -> HttpResponse:
    """Say what is wrong on a page without a menu, with what was posted; or above the page that htmx has."""
    if is_for_programs(request.path_info):
        return error_answer(status)
    title, advice = WORDS[status]
    context = {"title": title, "advice": advice, "status": status, "frame": "entrance.html"}
    if request.headers.get("HX-Request"):
        return above_the_page(HttpResponse(render_to_string("error.html#message", context), status=status))
    context |= {"form": resending.form(request), "again": resending.address_of(request)}
    return HttpResponse(render_to_string("error.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400; a session that could not be saved comes here too, as if it had been deleted."""
    if faults.is_passing(exception):
        return unavailable(request, exception)
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the reason that our own checks gave."""
    return page(request, 403, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same whether the thing is missing or another team's."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 for what passes, else 500; without the menu where it is the database that fails."""
    if faults.is_passing(error := sys.exception()):
        return unavailable(request, error)
    try:
        return page(request, 500)
    except DatabaseError:
        return without_the_database(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or from another session."""
    return page(
        request, 403, "This page was open for too long or in another session. Reload it and try again."
    )
