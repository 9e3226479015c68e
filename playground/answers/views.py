"""As what an answer is shown: as the address says, or as its reader chose last."""

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse

from playground.models import Run
from playground.text.json_answers import looks_like_json

# The choice stays with the browser.
COOKIE = "answer_view"
COOKIE_SECONDS = 365 * 86_400
ASKED = "view"


class AnswerView(models.TextChoices):
    """As what an answer is shown."""

    RENDERED = "rendered", "Rendered"
    PLAIN = "plain", "Plain"
    JSON = "json", "JSON"
    RAW = "raw", "Raw"


# What comes line by line, and what has to be whole, is asked for once an answer has ended.
WHILE_LIVE, LATER = (AnswerView.RENDERED, AnswerView.PLAIN), (AnswerView.JSON, AnswerView.RAW)
# Raw lines are looked at one answer at a time.
REMEMBERED = (AnswerView.RENDERED, AnswerView.PLAIN, AnswerView.JSON)


def asked_view(request: HttpRequest) -> AnswerView | None:
    """Return the view that the address names; None where it names none that there is."""
    return known(request.GET.get(ASKED, ""))


def chosen_view(request: HttpRequest) -> AnswerView:
    """Return the view that was chosen last in this browser."""
    view = known(request.COOKIES.get(COOKIE, ""))
    return view if view in REMEMBERED else AnswerView.RENDERED


def remember(response: HttpResponse, view: AnswerView | None) -> HttpResponse:
    """Let the browser remember a view that was asked for."""
    if view in REMEMBERED:
        response.set_cookie(
            COOKIE,
            view,
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def known(name: str) -> AnswerView | None:
    """Return the view of this name; None where there is none."""
    return AnswerView(name) if name in AnswerView.values else None


def fitting(run: Run, view: AnswerView) -> AnswerView:
    """Return the view that an answer is shown in by itself: JSON is only where it looks like that."""
    if view not in offered(run) or (view == AnswerView.JSON and not looks_like_json(run.answer)):
        return AnswerView.RENDERED
    return view


def offered(run: Run) -> tuple[AnswerView, ...]:
    """Return the views that there are of a run's answer now: what has no words yet has its raw lines."""
    if run.is_live():
        return WHILE_LIVE
    return tuple(AnswerView) if run.answer else (AnswerView.RENDERED, AnswerView.RAW)
