"""The form is pressed: check it, write the run, begin it, answer with its turn."""

from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.editor.beginning import begin
from playground.editor.choices import Choices
from playground.editor.forms import RunForm, going_on_from
from playground.editor.starting import STOPPING, CannotStart, MustWait, Start, Wish
from playground.editor.starting import start as start_run
from playground.editor.turns import Turn, turn_of
from playground.editor.views.index import conversation_url, session_of
from playground.live.runner import runner
from playground.models import LeftOut, Run
from teams.http import Request, go_on
from teams.permissions import Access, get_access

STOPPING_CODE = "stopping"


@require_POST
async def start(request: Request, slug: str) -> HttpResponse:
    """Check the form, write the run, begin it, and answer with the turn."""
    access = await sync_to_async(get_access)(request, slug, PlaygroundAct.RUN)
    form, started = await begin(lambda: start_from_form(request, access), lambda answer: answer[1])
    if started is None:
        return await refuse(request, access, form)
    return await show_start(request, access, form, started)


def start_from_form(request: Request, access: Access) -> tuple[RunForm, Start | None]:
    """Return the form, with errors in words, or with what it started."""
    form = RunForm(request.POST, choices=Choices.of(access.membership))
    if not form.is_valid():
        return form, None
    if not runner.takes_runs:
        form.add_error(None, ValidationError(STOPPING, STOPPING_CODE))
        return form, None
    data = form.cleaned_data
    wish = Wish(
        member=access.membership,
        key=data["key"],
        idempotency_key=data["idempotency_key"],
        model=data["model"],
        parameters=form.parameters(),
        system_prompt=data["system_prompt"],
        message=data["message"],
        conversation_id=data["conversation"],
        draft=data["draft"],
    )
    try:
        return form, start_run(wish)
    except MustWait as problem:
        form.wait_until(problem.reason, problem.seconds)
        return form, None
    except CannotStart as problem:
        form.add_error(None, str(problem))
        return form, None


async def refuse(request: Request, access: Access, form: RunForm) -> HttpResponse:
    """Show what is wrong beside the fields, with everything kept as it was typed."""
    context: dict[str, Any] = {"form": form, "choices": form.choices, "may_run": True, "may_go_on": True}
    is_stopping = form.has_error(NON_FIELD_ERRORS, STOPPING_CODE)
    if request.htmx:
        # Browsers write every error status of a fetch to the console: 200 where nothing went wrong.
        status = 503 if is_stopping else 200
        response = await sync_to_async(render)(
            request, "playground/editor/index.html#refused", context, status=status
        )
        # It says itself where it goes: of another error of the server a page takes nothing.
        response["HX-Reswap"] = "none"
        return response
    conversation = form.cleaned_data.get("conversation")
    runs = await sync_to_async(turns_of_conversation)(access, conversation)
    context["turns"] = [await turn_of(run, access.membership, session_of(request)) for run in runs]
    status = 503 if is_stopping else 422
    return await sync_to_async(render)(request, "playground/editor/index.html", context, status=status)


def turns_of_conversation(access: Access, conversation: UUID | None) -> list[Run]:
    """Return the runs of a conversation of the team; none where there is none."""
    return list(
        Run.objects.for_team(access.team).filter(conversation=conversation).with_people().order_by("turn")
    )


async def show_start(request: Request, access: Access, form: RunForm, started: Start) -> HttpResponse:
    """Answer with the turn of a run that began; a repeated press shows the conversation as it is."""
    run = started.run
    url = conversation_url(access.team.slug, run.conversation_id)
    if not request.htmx or started.order is None:
        return go_on(request, url)
    missed = await sync_to_async(missed_runs)(run, form.cleaned_data["last_turn"])
    turns = [await turn_of(one, access.membership, session_of(request)) for one in [*missed, run]]
    context = await sync_to_async(started_context)(turns, form)
    response = await sync_to_async(render)(request, "playground/editor/index.html#started", context)
    response["HX-Push-Url" if run.turn == 1 else "HX-Replace-Url"] = url
    return response


def missed_runs(run: Run, last_turn: int | None) -> list[Run]:
    """Return the runs before this one that a page does not show which shows those up to `last_turn`.

    They came from another tab meanwhile, and are in the request: whoever sent it sees them with its answer.
    """
    if last_turn is None or run.turn <= last_turn + 1:
        return []
    between = Run.objects.turns_of(run.conversation).filter(turn__gt=last_turn, turn__lt=run.turn)
    return list(between.with_people())


def started_context(turns: list[Turn], form: RunForm) -> dict[str, Any]:
    """Return the new turn, what the page lacks or has too much of, and the hidden fields of the next one.

    All that can be typed stays as it is.
    """
    *missed, turn = turns
    fresh = RunForm(initial=going_on_from(turn.run), choices=form.choices)
    return {"turn": turn, "missed": missed, "erased": erased_before(turn.run), "form": fresh}


def erased_before(run: Run) -> list[str]:
    """Return the ids of the turns that were erased, in another tab perhaps: they are not in the request."""
    return [turn["run"] for turn in run.left_out or [] if turn["why"] == LeftOut.ERASED]
