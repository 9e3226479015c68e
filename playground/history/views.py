"""One run's page, what was sent for it, and its end."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from playground.acts import PlaygroundAct
from playground.answers.raw import Raw
from playground.answers.views import AnswerView, asked_view, chosen_view, remember
from playground.editor.columns.addresses import page_with
from playground.editor.form.variables import values_of
from playground.editor.turns.branches import version_of
from playground.editor.turns.costs import Costs
from playground.editor.turns.followed import turn_of
from playground.editor.turns.page_stream import PageStream
from playground.editor.turns.turns import Turn
from playground.editor.views.index import session_of
from playground.editor.views.runs import find_run
from playground.history.erasing import erase, with_later
from playground.history.sent import SentRequest
from playground.models import Run
from playground.requests import NotAsSent, as_sent
from playground.text.values import show_values
from teams.http import FORM, Request
from teams.permissions import Access


@require_safe
async def run_page(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Show one run, live while it goes on; htmx gets its turn alone, or what stands in place of one that is
    gone: a page must not wait for it for ever."""
    try:
        access, run = await sync_to_async(find_run)(request, slug, run_id, PlaygroundAct.SEE_RUNS)
    except (Http404, PermissionDenied):
        if not request.htmx:
            raise
        gone = {"run_id": run_id}
        return await sync_to_async(render)(request, "playground/editor/_turn_gone.html", gone, status=404)
    response = await show_run(request, access, await shown_turn(request, access, run))
    return remember(name_view(request, response), asked_view(request))


async def show_run(request: Request, access: Access, turn: Turn) -> HttpResponse:
    """Answer with the page of a run, for htmx with its turn alone."""
    context: dict[str, Any] = {"turn": turn, "team": access.team}
    if request.htmx:
        return await sync_to_async(render)(request, "playground/editor/_turn.html", context)
    context["stream"] = PageStream.of([turn], session_of(request))
    context["values"] = show_values(values_of(turn.run))
    context["sent"] = await sync_to_async(SentRequest.of)(turn.run)
    return await sync_to_async(render)(request, "playground/history/run.html", context)


async def shown_turn(request: Request, access: Access, run: Run) -> Turn:
    """Return a run with its answer in the view that was asked for, or chosen last."""
    turn = await turn_of(run, access.membership, session_of(request), chosen_view(request))
    address = page_with(request, access.team.slug, run.conversation_id)
    turn = turn.on_page(address, await sync_to_async(version_of)(run), Costs(access.team))
    asked = asked_view(request)
    if asked not in turn.views:
        return turn
    if asked != AnswerView.RAW:
        return replace(turn, view=asked)
    raw = await sync_to_async(Raw.of)(run, timezone.now(), request.GET.get("from", ""))
    return replace(turn, view=asked, raw=raw)


def name_view(request: Request, response: HttpResponse) -> HttpResponse:
    """Let the page of a run keep the view in its address; other pages show many runs."""
    if (
        request.htmx
        and asked_view(request)
        and (request.htmx.current_url_abs_path or "").partition("?")[0] == request.path
    ):
        response["HX-Replace-Url"] = request.get_full_path()
    return response


@require_safe
def message(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Answer with the whole message of a run, however long: for its turn, or as plain text."""
    access, run = find_run(request, slug, run_id, PlaygroundAct.SEE_RUNS)
    if request.htmx:
        context = {"run": run, "shown": run.message, "team": access.team}
        return render(request, "playground/editor/_message.html", context)
    return HttpResponse(run.message, content_type="text/plain; charset=utf-8")


@require_safe
def sent(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Answer with the body that was sent for a run, byte for byte."""
    _, run = find_run(request, slug, run_id, PlaygroundAct.SEE_RUNS)
    try:
        body = as_sent(run)
    except NotAsSent as problem:
        raise Http404(str(problem)) from problem
    name = f"request-{run.pk}.json"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(body, content_type="application/json", headers=headers)


@FORM
def delete(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Ask, then erase the words of one's own run and of the turns after it; the numbers stay."""
    access, run = find_run(request, slug, run_id, PlaygroundAct.DELETE_OWN_RUN)
    if run.author_id != access.membership.user_id:
        messages.error(request, "Only its author may delete a run.")
        return redirect("playground:run", slug, run_id)
    if request.method != "POST":
        later = with_later(run).with_words().exclude(pk=run.pk).count()
        return render(request, "playground/history/run_delete.html", {"run": run, "later": later})
    if not erase(run):
        messages.error(request, "The run is still being written. Stop it first.")
        return redirect("playground:run", slug, run_id)
    messages.success(request, "The run was deleted. Its numbers stay in the usage.")
    return redirect("playground:runs", slug)
