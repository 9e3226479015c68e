"""The history of a team: its list, the list as a file, two runs side by side, what is thought of a run."""

from dataclasses import replace
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from playground.acts import PlaygroundAct
from playground.editor.turns.costs import Costs
from playground.editor.turns.followed import turn_of
from playground.editor.turns.turns import Turn
from playground.editor.views.runs import find_run
from playground.history import listing
from playground.history.comparing import Comparison
from playground.history.exporting import KINDS, lines
from playground.history.filters import SEARCH, HistoryFilters
from playground.history.rating import Outcome, RatingForm, rate
from playground.models import Run
from playground.search.filling import KIND
from playground.search.questions import Question
from teams.http import Request, go_on
from teams.jobs import shown_jobs
from teams.permissions import Access, get_access

CHOOSE_TWO = "Choose two runs to compare."
MEANWHILE = "Somebody has rated it meanwhile. Look at that; Save puts yours in its place."


@require_safe
def runs(request: Request, slug: str) -> HttpResponse:
    """List the team's conversations, or the runs that the address asks for."""
    access = get_access(request, slug, PlaygroundAct.SEE_RUNS)
    filters = HistoryFilters.of(access.team, request.GET)
    address = filters.address(request.GET)
    narrowing = [each for each in address.filters if not each.is_switch and address[each.name]]
    if narrowing:
        found = listing.found(access, address, filters.question(address, access))
    else:
        found = listing.conversations(access, address)
    context = {
        "listing": found,
        "page": found.page,
        "address": address,
        "is_filtered": bool(narrowing),
        "is_narrowed": len([each for each in narrowing if each.name != SEARCH.name]),
        "cleared": address.query(**{each.name: "" for each in narrowing}),
        "is_mine": address["by"] == "me",
        "jobs": shown_jobs(access.team, KIND),
    }
    return render(request, "playground/history/runs.html", context)


@require_safe
def export(request: Request, slug: str, kind: str) -> StreamingHttpResponse:
    """Answer with all that the address asks for, as a file."""
    access = get_access(request, slug, PlaygroundAct.SEE_RUNS)
    if kind not in KINDS:
        raise Http404("No such kind of file")
    question = question_of(request, access)
    name = f"runs-{access.team.slug}-{access.team.today():%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(
        lines(access.team, question, kind), content_type=KINDS[kind].content_type, headers=headers
    )


@require_safe
async def compare(request: Request, slug: str) -> HttpResponse:
    """Show two runs side by side, with what differs."""
    access = await sync_to_async(get_access)(request, slug, PlaygroundAct.SEE_RUNS)
    found = await sync_to_async(chosen)(access, request.GET.getlist("run"))
    if len(found) != 2:
        messages.error(request, CHOOSE_TWO)
        return redirect("playground:runs", slug)
    # Without a session to follow streams by: what still goes on is asked for.
    costs = Costs(access.team)
    turns = [replace(await turn_of(run, access.membership, ""), costs=costs) for run in found]
    context = {"comparison": Comparison.of(*found), "turns": turns, "team": access.team}
    return await sync_to_async(render)(request, "playground/history/compare.html", context)


@require_POST
def rate_run(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Keep what somebody thinks of a run."""
    access, run = find_run(request, slug, run_id, PlaygroundAct.RATE_RUNS)
    form = RatingForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(word) for words in form.errors.values() for word in words))
    else:
        said = form.cleaned_data
        outcome = rate(run, request.user, said["verdict"], said["note"], request.POST.get("seen"))
        if request.htmx and outcome is not Outcome.GONE:
            return show_rated(request, access, run, outcome)
        if outcome is Outcome.KEPT:
            messages.success(request, "Saved.")
        elif outcome is Outcome.MEANWHILE:
            messages.error(request, MEANWHILE)
    return go_on(request, "playground:run", slug=slug, run_id=run_id)


def show_rated(request: Request, access: Access, run: Run, outcome: Outcome) -> HttpResponse:
    """Answer with what a turn says of its rating, for a page that shows it among others; 409 where that is
    somebody else's word, and what was typed was not kept."""
    run, is_kept = Run.objects.with_people().get(pk=run.pk), outcome is Outcome.KEPT
    context = {"turn": Turn(run, False, access.membership), "run": run, "team": access.team}
    context |= {"is_kept": is_kept, "why_not": "" if is_kept else MEANWHILE}
    return render(request, "playground/editor/_turn_rated.html", context, status=200 if is_kept else 409)


def question_of(request: Request, access: Access) -> Question:
    """Return what an address asks for; everything, where it asks for nothing."""
    filters = HistoryFilters.of(access.team, request.GET)
    return filters.question(filters.address(request.GET), access)


def chosen(access: Access, named: list[str]) -> list[Run]:
    """Return the runs of the team that an address names, each once, in its order."""
    try:
        run_ids = list(dict.fromkeys(map(UUID, named)))
    except ValueError:
        return []
    return Run.objects.for_team(access.team).with_people().in_order_of(run_ids[:3])
