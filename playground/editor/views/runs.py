"""What can be done with a run that is there: stop it, ask the same again."""

from collections.abc import Callable, Iterable
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync, sync_to_async
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.editor.columns.addresses import page_url, page_with
from playground.editor.columns.columns import MOST
from playground.editor.form.choices import Choices
from playground.editor.start.beginning import begin
from playground.editor.start.starting import STOPPING, CannotStart, Start, Wish, onward, start
from playground.editor.start.starting import again as wish_again
from playground.editor.views.index import identifier, live_runs
from playground.live.outcome.outcomes import RunOutcome
from playground.live.process_log import log
from playground.live.reaper import reap
from playground.live.runner import runner
from playground.models import Run, RunState
from teams.acts import Act
from teams.http import Request, go_on
from teams.models import Key, Membership, User
from teams.permissions import Access, get_access

# What is wished for after a run: by whom, with which key and idempotency key.
type Wished = Callable[[Run, Membership, Key, UUID], Wish]


@require_POST
def stop(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """End a run now: upstream is closed, the text stays.

    That waits for no database; where the run is carried out by another process, its row tells that too.
    """
    _, run = find_run(request, slug, run_id, PlaygroundAct.RUN)
    async_to_sync(stop_run)(run, request.user)
    # The stream brings the page the end; a page without one is shown the run.
    return HttpResponse(status=204) if request.htmx else redirect("playground:run", slug, run_id)


@require_POST
def stop_all(request: Request, slug: str) -> HttpResponse:
    """End all runs of the team that are named by `run`, and show the page of the conversations named."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    async_to_sync(stop_runs)(live_runs(access, request.POST.getlist("run")), request.user)
    named = request.POST.getlist("conversation")[:MOST]
    return HttpResponse(status=204) if request.htmx else redirect(page_url(slug, named))


async def stop_runs(runs: Iterable[Run], user: User) -> None:
    """End these runs now."""
    for run in runs:
        await stop_run(run, user)


async def stop_run(run: Run, user: User) -> None:
    """End a run now, here or in the process that carries it out."""
    if not runner.end(run.pk, RunOutcome(RunState.STOPPED, stopped_by=user.pk)):
        try:
            await sync_to_async(run.request_stop)(user)
        finally:
            await log.ask_to_stop(run.pk, run.owner)


@require_POST
def again(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Ask the same once more, as another version of its turn."""
    return start_next(request, slug, run_id, wish_again)


@require_POST
def go_on_with(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Have an answer that was cut gone on with, as the next turn."""
    return start_next(request, slug, run_id, onward)


def start_next(request: Request, slug: str, run_id: UUID, wish: Wished) -> HttpResponse:
    """Start what is wished for after a run, and go to the page that shows it."""
    access, run = find_run(request, slug, run_id, PlaygroundAct.RUN)
    try:
        started = begin(lambda: start_after(request, access, run, wish), lambda start: [start])
    except CannotStart as problem:
        messages.error(request, str(problem))
        return go_on(request, page_with(request, slug, run.conversation_id))
    address = page_with(request, slug, started.run.conversation_id, newest=True)
    return go_on(request, address)


def find_run(request: Request, slug: str, run_id: UUID, act: Act) -> tuple[Access, Run]:
    """Return a run of the team, ended where its process was lost; `Http404` for any other."""
    access = get_access(request, slug, act)
    reap(Run.objects.filter(pk=run_id), timezone.now())
    return access, get_object_or_404(Run.objects.for_team(access.team).with_people(), pk=run_id)


def start_after(request: Request, access: Access, run: Run, wish: Wished) -> Start:
    """Write what is wished for after a run, with its key, or the first usable one where that is gone."""
    if not runner.takes_runs:
        raise CannotStart(STOPPING)
    choices = Choices.of(access.membership)
    key = choices.key(str(run.key_id)) or choices.key("")
    if key is None:
        raise CannotStart("There is no key to run with. Add one, or ask an admin of the team to.")
    idempotency_key = identifier(request.POST, "idempotency_key") or uuid4()
    return start(wish(run, access.membership, key, idempotency_key))
