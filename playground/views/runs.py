"""Runs: the history, one run's page, and what can be done with a run."""

import uuid
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.choices import Choices
from playground.erasing import erase
from playground.live.process_log import log
from playground.live.reaper import reap
from playground.live.runner import runner
from playground.models import Run, State
from playground.starting import STOPPING, CannotStart, Start, start
from playground.starting import again as wish_again
from playground.turns import turn_of
from playground.views.index import conversation_url, session_of
from teams.http import Request, go_on
from teams.models import Role
from teams.permissions import Access, get_access

RUNS_PER_PAGE = 25


@require_safe
@never_cache
def runs(request: Request, slug: str) -> HttpResponse:
    """List the team's runs, newest first; `?by=me` only one's own."""
    access = get_access(request, slug)
    mine = request.GET.get("by") == "me"
    found = Run.objects.for_team(access.team).with_people().defer("text", "limits")
    if mine:
        found = found.filter(author=access.membership.user_id)
    page = Paginator(found, RUNS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "playground/runs.html", {"page": page, "mine": mine})


@require_safe
@never_cache
async def run_page(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Show one run, live while it goes on; htmx gets its turn alone."""
    access, run = await sync_to_async(find_run)(request, slug, run_id)
    turn = await turn_of(run, access.membership, session_of(request))
    template = "playground/_turn.html" if request.htmx else "playground/run.html"
    return await sync_to_async(render)(request, template, {"turn": turn, "team": access.team})


@require_POST
async def stop(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """End a run now: upstream is closed, the text stays."""
    _, run = await sync_to_async(find_run)(request, slug, run_id, Role.MEMBER)
    await sync_to_async(run.request_stop)()
    runner.end(run.pk, State.STOPPED)
    await log.ask_to_stop(run.pk, run.owner)
    # The stream brings the page the end; a page without one is shown the run.
    return HttpResponse(status=204) if request.htmx else redirect("playground:run", slug, run_id)


@require_POST
async def again(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Ask the same once more, as the next turn."""
    access, run = await sync_to_async(find_run)(request, slug, run_id, Role.MEMBER)
    try:
        started = await sync_to_async(start_again)(request, access, run)
    except CannotStart as problem:
        messages.error(request, str(problem))
        return go_on(request, conversation_url(slug, run.conversation_id))
    if started.order:
        await runner.launch(started.order)
    return go_on(request, conversation_url(slug, started.run.conversation_id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def delete(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Ask, then erase the words of one's own run and of the turns after it; the numbers stay."""
    access, run = find_run(request, slug, run_id, Role.MEMBER)
    if run.author_id != access.membership.user_id:
        messages.error(request, "Only its author may delete a run.")
        return redirect("playground:run", slug, run_id)
    if request.method != "POST":
        later = Run.objects.turns_of(run.conversation).filter(turn__gt=run.turn).count()
        return render(request, "playground/run_delete.html", {"run": run, "later": later})
    if not erase(run):
        messages.error(request, "The run is still being written. Stop it first.")
        return redirect("playground:run", slug, run_id)
    messages.success(request, "The run was deleted. Its numbers stay in the usage.")
    return redirect("playground:runs", slug)


def find_run(request: Request, slug: str, run_id: UUID, least: Role = Role.VIEWER) -> tuple[Access, Run]:
    """Return a run of the team, ended where its process was lost; `Http404` for any other."""
    access = get_access(request, slug, least)
    reap(Run.objects.filter(pk=run_id), timezone.now())
    return access, get_object_or_404(Run.objects.for_team(access.team).with_people(), pk=run_id)


def start_again(request: Request, access: Access, run: Run) -> Start:
    """Write the run that repeats `run`, with its key, or the first usable one where that is gone."""
    if not runner.takes_runs:
        raise CannotStart(STOPPING)
    choices = Choices.of(access.membership)
    key = choices.key(str(run.key_id)) or choices.key("")
    if key is None:
        raise CannotStart("There is no key to run with. Add one, or ask an admin of the team to.")
    try:
        idempotency_key = UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        idempotency_key = uuid.uuid4()
    return start(wish_again(run, access.membership, key, idempotency_key))
