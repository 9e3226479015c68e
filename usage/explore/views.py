"""The usage page: chart, totals and table, and the button that asks the provider now."""

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.database.together import nothing, read, side_by_side
from common.fragments import render_fragment, unchanged, wants_fragment
from common.queueing import publish_on_commit
from teams.acts import TeamAct
from teams.http import Request
from teams.permissions import get_access
from usage.acts import UsageAct
from usage.explore.answering import reporting
from usage.explore.asking import canonical_address
from usage.explore.opening import Opening
from usage.explore.reading.known import Known
from usage.explore.reading.periods.past import Past
from usage.explore.saved.menu import Menu, question_of
from usage.explore.shortcuts import SHORTCUTS
from usage.explore.status import Availability, NamedMeters, read_polled, status_of
from usage.explore.summary import summary_of, title_of
from usage.models.meters.team_facts import facts_of_team
from usage.polls.claims.due import request_poll
from usage.polls.tasks import tick

# What an address says that is to tell at once why the usage of very many keys changed.
WHY, NOW = "why", "now"


@require_safe
def usage(request: Request, slug: str) -> HttpResponse:
    """Show what the team used."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    now, polled_at = timezone.now(), read_polled(request.GET.get("polled", ""))
    team = access.team
    opening, facts, past = read(
        side_by_side(Opening.read(access), facts_of_team(team, now, polled_at), Past.read(team))
    )
    menu = Menu.of(access.membership, question_of(request.GET), opening.views)
    if not request.GET and menu.start:
        return redirect(f"{request.path}?{menu.start.address}")
    parts = dict(request.GET.lists())
    if (address := canonical_address(access.team, parts, now)) is not None:
        return HttpResponseRedirect(f"{request.path}?{address}")
    is_hurried = request.GET.get(WHY) != NOW
    status = status_of(access.team, facts, now, polled_at)
    # Ages are told in minutes, so a page changes with each.
    shown = (
        access.team.generation,
        int(now.timestamp()) // 60,
        status.availability,
        status.is_asking,
        status.facts.held,
        is_hurried,
    )
    tag = "-".join(map(str, shown))
    if answer := unchanged(request, tag):
        return answer
    known, is_shown = Known(access.team, opening.models, past), status.availability == Availability.SHOWN
    reading = reporting(access.team, facts, parts, now, access.membership, known, is_hurried=is_hurried)
    report, named = read(
        side_by_side(reading if is_shown else nothing(None), NamedMeters.of(access.team, facts))
    )
    context = {
        "status": status,
        "report": report,
        "named_meters": named,
        "tag": tag,
        "refresh_url": request.get_full_path(),
        "why_url": why_url(request),
        "may_manage": access.may(TeamAct.MANAGE_KEYS),
        "may_set_prices": access.may(UsageAct.SET_PRICES),
        "may_write_notes": access.may(UsageAct.WRITE_NOTES),
        "may_freeze": access.may(UsageAct.FREEZE),
        "menu": menu,
        "summary": summary_of(report) if report else "",
        "on_paper": title_of(report) if report else "",
        "is_part": wants_fragment(request),
        "doubts": opening.doubts,
        "shortcuts": SHORTCUTS,
        "may_poll": access.may(UsageAct.POLL) and status.availability != Availability.NO_KEY,
    }
    return render_fragment(request, "usage/explore/usage.html", "report", context, tag)


def why_url(request: Request) -> str:
    """Where the same page says why the usage changed, however many keys there are."""
    query = request.GET.copy()
    query[WHY] = NOW
    return f"{request.path}?{query.urlencode()}"


@require_POST
def poll_now(request: Request, slug: str) -> HttpResponse:
    """Ask the provider for all of the team's keys, then show the page, which waits for the answer."""
    access = get_access(request, slug, UsageAct.POLL)
    now = timezone.now()
    request_poll(access.team, now)
    publish_on_commit(tick)
    query = shown_query(request)
    query["polled"] = str(int(now.timestamp()))
    return HttpResponseRedirect(f"{reverse('usage:usage', args=[slug])}?{query.urlencode()}")


def shown_query(request: Request) -> QueryDict:
    """The chart that was on the page when the button was pressed: htmx tells its address."""
    address = request.headers.get("HX-Current-URL")
    # Not urlsplit: it raises for an address of another shape, and a header may say anything.
    query = address.partition("#")[0].partition("?")[2] if address else request.GET.urlencode()
    return QueryDict(query, mutable=True)
