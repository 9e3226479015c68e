"""Run is pressed, in one column or for all: start what can be started, answer with turns and errors."""

from collections.abc import Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.editor.beginning import begin
from playground.editor.choices import Choices
from playground.editor.columns import Column, field_name, letters_in, page_url, prefix_of, query_of
from playground.editor.forms import RunForm, going_on_from
from playground.editor.identifiers import uuids_in
from playground.editor.page_stream import PageStream
from playground.editor.pages import conversation_of, runs_of
from playground.editor.pressing import Press, is_stopping, press, started
from playground.editor.turns import Turn, turn_of
from playground.editor.views.index import session_of, with_turns
from playground.models import LeftOut, Run
from teams.http import Request, go_on
from teams.permissions import Access, get_access


@require_POST
async def start(request: Request, slug: str) -> HttpResponse:
    """Check the form, write the runs, begin them, and answer with their turns."""
    access = await sync_to_async(get_access)(request, slug, PlaygroundAct.RUN)
    choice = request.GET.get("stored", "")
    presses = await begin(lambda: press(access.membership, request.POST, choice), started)
    named = conversations_after(request, presses)
    if request.htmx and not any(one.is_repeated for one in started(presses)):
        return await show_pressed(request, access, presses, named)
    # A repeated press shows the page as it is.
    if all(one.started for one in presses) or request.htmx:
        return go_on(request, page_url(slug, named))
    return await show_refused(request, access, presses)


def conversations_after(request: Request, presses: Iterable[Press]) -> list[str]:
    """Return the conversations of the page's columns, with those that began with this press."""
    named = {one: request.POST.get(field_name(one, "conversation"), "") for one in letters_in(request.POST)}
    named |= {one.letter: str(one.started.run.conversation_id) for one in presses if one.started}
    return list(named.values())


async def show_pressed(
    request: Request, access: Access, presses: list[Press], named: list[str]
) -> HttpResponse:
    """Answer with a fragment for each column: its new turn, or what is wrong beside its fields.

    `named` are the conversations of the page after the press.
    """
    shown = [await shown_press(request, access, one) for one in presses]
    runs = await sync_to_async(followed_runs)(access, named)
    turns = [await turn_of(run, access.membership, session_of(request)) for run in runs]
    context = {"presses": shown, "stream": PageStream.of(turns, session_of(request))}
    if len(named) > 1:
        context["compared"] = query_of(named)
    # Browsers write every error status of a fetch to the console: 200 where nothing went wrong.
    status = 503 if is_stopping(presses) else 200
    template = "playground/editor/index.html#pressed"
    response = await sync_to_async(render)(request, template, context, status=status)
    begun = list(started(presses))
    if is_stopping(presses):
        # It says itself where it goes: of another error of the server a page takes nothing.
        response["HX-Reswap"] = "none"
    if begun:
        header = "HX-Push-Url" if any(one.run.turn == 1 for one in begun) else "HX-Replace-Url"
        response[header] = page_url(access.team.slug, named)
    return response


async def shown_press(request: Request, access: Access, one: Press) -> dict[str, Any]:
    """Return what a page shows of a column that was to be run."""
    shown = {"letter": one.letter, "name": one.name, "form": one.form, "started": one.started}
    if one.started is None:
        return shown
    run = one.started.run
    missed = await sync_to_async(missed_runs)(run, one.form.cleaned_data["last_turn"])
    turns = [await turn_of(each, access.membership, session_of(request)) for each in [*missed, run]]
    return shown | await sync_to_async(started_context)(turns, one.form)


def followed_runs(access: Access, named: Iterable[str]) -> list[Run]:
    """Return the live runs of the page after a press: what it started, and what goes on in other columns."""
    live = Run.objects.for_team(access.team).filter(conversation__in=uuids_in(named)).live()
    return list(live.with_people())


async def show_refused(request: Request, access: Access, presses: list[Press]) -> HttpResponse:
    """Show the whole page, with what is wrong beside the fields and everything kept as it was typed."""
    page = await sync_to_async(page_after)(request, access, presses)
    context = await with_turns(request, access, page)
    status = 503 if is_stopping(presses) else 422
    return await sync_to_async(render)(request, "playground/editor/index.html", context, status=status)


def page_after(request: Request, access: Access, presses: list[Press]) -> dict[str, Any]:
    """Return the page that was sent, as it was typed; what started something waits for the next message."""
    choices = Choices.of(access.membership)
    pressed = {one.letter: one for one in presses}
    named = zip(letters_in(request.POST), conversations_after(request, presses), strict=True)
    columns: list[tuple[Column, list[Run]]] = []
    for letter, conversation_id in named:
        found = conversation_of(access.team, conversation_id)
        form = form_after(request, choices, letter, pressed.get(letter))
        columns.append((Column(letter, found, form=form), runs_of(found)))
    return {"columns": columns, "choices": choices, "may_run": True}


def form_after(request: Request, choices: Choices, letter: str, one: Press | None) -> RunForm:
    """Return the form of a column as it was typed, with its errors, or without the message that was sent."""
    if one and not one.started:
        return one.form
    initial = as_typed(request, letter)
    if one and one.started:
        initial |= {"message": "", **going_on_from(one.started.run)}
    return RunForm(initial=initial, choices=choices, prefix=prefix_of(letter))


def as_typed(request: Request, letter: str) -> dict[str, Any]:
    """Return what was typed into a column, as what its form begins with."""
    names = [name for name in RunForm.base_fields if name != "idempotency_key"] + ["key"]
    typed = {name: request.POST.get(field_name(letter, name), "") for name in names}
    return {**typed, "stream": bool(typed["stream"])}


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
    fresh = RunForm(initial=going_on_from(turn.run), choices=form.choices, prefix=form.prefix)
    return {"turn": turn, "missed": missed, "erased": erased_before(turn.run), "next": fresh}


def erased_before(run: Run) -> list[str]:
    """Return the ids of the turns that were erased, in another tab perhaps: they are not in the request."""
    return [turn["run"] for turn in run.left_out or [] if turn["why"] == LeftOut.ERASED]
