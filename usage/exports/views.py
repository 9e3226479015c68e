"""What can be taken away of a question: which files there are, and each of them."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.fragments import render_fragment
from teams.http import Request
from teams.models import Team
from teams.permissions import get_access
from usage.acts import UsageAct
from usage.explore.answering import usage_report
from usage.explore.status import Availability, availability_of
from usage.exports import sending
from usage.exports.files import KINDS, MARKED, file_name, name_of, streamed
from usage.exports.parts import PART, Part, part_of, parts_of
from usage.exports.picture.files import PICTURES, drawn
from usage.exports.picture.png import NotDrawn
from usage.exports.picture.words import of_report
from usage.exports.records import Records, TooMany, records_of
from usage.models import Meter

NOTHING = "Here is nothing to be exported yet: no number is known."
NO_CHART = "Of this question there is no chart that could be drawn."
# That a file begins with a mark of its encoding.
MARK = "bom"
# A worker makes it, for whoever asks for that by a form.
XLSX = "xlsx"


@require_safe
def exports(request: Request, slug: str) -> HttpResponse:
    """Say what can be taken away of a question, and in how many parts."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    found, problem = _found(request, access.team)
    context = {
        "records": found,
        "problem": problem,
        "has_chart": bool(found and found.report.sheet.columns and not found.report.own),
        "parts": parts_of(len(found)) if found else (),
        "address": found.report.query.address() if found else request.GET.urlencode(),
    }
    return render_fragment(request, "usage/exports/exports.html", "files", context)


@require_safe
def export(request: Request, slug: str, kind: str) -> HttpResponseBase:
    """Send a file of a question, or a part of it."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    if kind == XLSX:
        return redirect(f"{reverse('usage:exports', args=[slug])}?{request.GET.urlencode()}")
    if kind in PICTURES:
        return _picture(request, access.team, kind)
    if kind not in KINDS:
        raise Http404("No such kind of file")
    if not sending.has_room(request.user.pk):
        return _back(request, slug, sending.FULL)
    found, problem = _found(request, access.team)
    if found is None:
        return _back(request, slug, problem)
    part = Part.of(len(found), part_of(request.GET.get(PART, "1")))
    if part is None:
        raise Http404("No such part")
    made = MARKED if kind == "csv" and request.GET.get(MARK) == "1" else KINDS[kind]
    return streamed(made, found, part, name_of(found, part, kind), request.user.pk)


def _picture(request: Request, team: Team, kind: str) -> HttpResponse:
    """The chart of a question, as the page draws it."""
    now, facts = timezone.now(), Meter.objects.for_team(team).facts(timezone.now())
    if availability_of(team, facts) != Availability.SHOWN:
        return _back(request, team.slug, NOTHING)
    report = usage_report(team, facts, dict(request.GET.lists()), now)
    if report.own or not report.sheet.columns:
        return _back(request, team.slug, NO_CHART)
    try:
        return drawn(of_report(report), kind, file_name(report, kind))
    except NotDrawn as problem:
        return _back(request, team.slug, str(problem))


def _back(request: Request, slug: str, problem: str) -> HttpResponse:
    """Back to the page that shows the question, which says why there is no file of it."""
    messages.error(request, problem)
    return redirect(f"{reverse('usage:usage', args=[slug])}?{request.GET.urlencode()}")


def _found(request: Request, team: Team) -> tuple[Records | None, str]:
    """The records of what is asked; or why there are none, in a sentence."""
    try:
        found = records_of(team, dict(request.GET.lists()), timezone.now())
    except TooMany as refusal:
        return None, str(refusal)
    return found, "" if found else NOTHING
