"""Run is pressed, in one column or for all: start what can be started, answer with turns and errors."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.answers.views import chosen_view
from playground.editor.columns.addresses import branches_shown, page_url, query_of
from playground.editor.columns.changes import EDITED as EDITED_FIELDS
from playground.editor.columns.columns import Column, field_name, letters_in, prefix_of
from playground.editor.columns.replacing import as_edited, check_turns, with_last_asked_again
from playground.editor.form.choices import Choices
from playground.editor.form.identifiers import uuid_of, uuids_in
from playground.editor.form.memory import MemoryForm, going_on_from
from playground.editor.form.run_form import RunForm
from playground.editor.form.typed_messages import MessagesInput
from playground.editor.form.variables import ValuesInput
from playground.editor.pages import conversation_of
from playground.editor.start.beginning import begin
from playground.editor.start.pressing import Press, is_stopping, press, pressed_in, started
from playground.editor.start.stored import SEND
from playground.editor.turns.branches import Branch, tree_of, version_of
from playground.editor.turns.costs import Costs
from playground.editor.turns.followed import turn_begun, turns_of
from playground.editor.turns.page_stream import PageStream
from playground.editor.turns.turns import Turn
from playground.editor.views.differs import differs_after
from playground.editor.views.index import session_of, with_turns
from playground.models import LeftOut, Run
from teams.http import Request, go_on
from teams.permissions import Access, get_access

# What an address says of a press that runs an edited message.
EDITED = "edited"


@require_POST
def start(request: Request, slug: str) -> HttpResponse:
    """Check the form, write the runs, begin them, and answer with their turns.

    With `?instead=edited` the edited message of a column is run, as another version of its turn. Where
    nothing is typed, the last turn is asked again, as all is set now.
    """
    access = get_access(request, slug, PlaygroundAct.RUN)
    check_turns(access.team, request.POST)
    is_edit = request.GET.get("instead") == EDITED
    if is_edit:
        data = as_edited(request.POST)
    else:
        data = with_last_asked_again(access.membership, request.POST, pressed_in(request.POST))
    # Who asks the same again wants another answer than the stored one.
    choice = request.GET.get("stored", "") if is_edit or data is request.POST else SEND
    return answer(request, access, data, choice)


def answer(request: Request, access: Access, data: QueryDict, choice: str = "") -> HttpResponse:
    """Start what a form asks for, and answer with its turns, or with what is wrong beside its fields.

    `choice` is what was chosen where a stored answer was offered.
    """
    presses = begin(lambda: press(access.membership, data, choice), started)
    page = page_after_press(request, access.team.slug, presses)
    if request.htmx and not any(one.is_repeated for one in started(presses)):
        return show_pressed(request, access, presses, page)
    # A repeated press shows the page as it is.
    if all(one.started for one in presses) or request.htmx:
        return go_on(request, page.address)
    return show_refused(request, access, presses)


@dataclass(frozen=True, slots=True)
class PageAfter:
    """What a page shows after a press: its conversations in order, its address, and what that says."""

    conversations: list[str]
    address: str
    query: str


def page_after_press(request: Request, slug: str, presses: list[Press]) -> PageAfter:
    """Return the page with what began with a press: that is in the newest branch of its conversation."""
    named = conversations_after(request, presses)
    branches = branches_shown(request, but_of=[one.run.conversation_id for one in started(presses)])
    return PageAfter(named, page_url(slug, named, branches), query_of(named, branches))


def conversations_after(request: Request, presses: Iterable[Press]) -> list[str]:
    """Return the conversations of the page's columns, with those that began with this press."""
    named = {one: request.POST.get(field_name(one, "conversation"), "") for one in letters_in(request.POST)}
    named |= {one.letter: str(one.started.run.conversation_id) for one in presses if one.started}
    return list(named.values())


def show_pressed(request: Request, access: Access, presses: list[Press], page: PageAfter) -> HttpResponse:
    """Answer with a fragment for each column: its new turn, or what is wrong beside its fields."""
    shown = [shown_press(request, access, one, page.address) for one in presses]
    # Those that are shown as they begin are followed, even where they have ended meanwhile.
    turns = [one["turn"] for one in shown if one["started"]]
    turns += others_followed(request, access, page.conversations, turns)
    context = {"presses": shown, "stream": PageStream.of(turns, session_of(request))}
    if len(page.conversations) > 1:
        context["compared"] = page.query
        context |= differs_after(access, request.POST, presses)
    # Browsers write every error status of a fetch to the console: 200 where nothing went wrong.
    status = 503 if is_stopping(presses) else 200
    response = render(request, "playground/editor/index.html#pressed", context, status=status)
    begun = list(started(presses))
    if is_stopping(presses):
        # It says itself where it goes: of another error of the server a page takes nothing.
        response["HX-Reswap"] = "none"
    if begun:
        header = "HX-Push-Url" if any(one.run.turn == 1 for one in begun) else "HX-Replace-Url"
        response[header] = page.address
    return response


def shown_press(request: Request, access: Access, one: Press, address: str) -> dict[str, Any]:
    """Return what the page at an address shows of a column that was to be run."""
    shown = {"letter": one.letter, "name": one.name, "form": one.form, "started": one.started}
    shown["is_edit"] = request.GET.get("instead") == EDITED
    if one.started is None:
        return shown
    run, asked = one.started.run, one.form.cleaned_data
    session, view = session_of(request), chosen_view(request)
    missed = turns_of(missed_runs(run, asked["last_turn"]), access.membership, session, view)
    turn = turn_begun(run, access.membership, session, view)
    version = version_of(run) if asked["instead_of"] else None
    costs = Costs(access.team)
    turns = [*(each.on_page(address, None, costs) for each in missed), turn.on_page(address, version)]
    replaced = replaced_by(run, asked["instead_of"], asked["after"])
    return shown | {"replaced": replaced} | started_context(turns, one.form)


def others_followed(
    request: Request, access: Access, named: Iterable[str], turns: Iterable[Turn]
) -> list[Turn]:
    """Return what goes on in other columns of a page with these conversations than those of the new turns."""
    others = set(named) - {str(turn.run.conversation_id) for turn in turns}
    if not uuids_in(others):
        return []
    return turns_of(followed_runs(access, others), access.membership, session_of(request))


def replaced_by(run: Run, instead_of: UUID | None, last: UUID | None) -> list[UUID]:
    """Return the turns that a page shows in whose place another version stands: that, and all after it."""
    if instead_of is None:
        return []
    tree = tree_of(run.conversation)
    old = tree.by_id[instead_of]
    shown = tree.path_to(tree.by_id.get(last) if last else tree.newest_below(old))
    after = {below.pk for below in tree.below(old)}
    return [turn.pk for turn in shown if turn.pk in after]


def followed_runs(access: Access, named: Iterable[str]) -> list[Run]:
    """Return the live runs of these conversations."""
    live = Run.objects.for_team(access.team).filter(conversation__in=uuids_in(named)).live()
    return list(live.with_people())


def show_refused(request: Request, access: Access, presses: list[Press]) -> HttpResponse:
    """Show the whole page, with what is wrong beside the fields and everything kept as it was typed."""
    context = async_to_sync(with_turns)(request, access, page_after(request, access, presses))
    status = 503 if is_stopping(presses) else 422
    return render(request, "playground/editor/index.html", context, status=status)


def page_after(request: Request, access: Access, presses: list[Press]) -> dict[str, Any]:
    """Return the page that was sent, as it was typed; what started something waits for the next message."""
    choices = Choices.of(access.membership)
    pressed = {one.letter: one for one in presses}
    named = zip(letters_in(request.POST), conversations_after(request, presses), strict=True)
    columns: list[Column] = []
    for letter, conversation_id in named:
        found = conversation_of(access.team, conversation_id)
        form = form_after(request, choices, letter, pressed.get(letter))
        branch = Branch.of(found, uuid_of(str(form["after"].value() or "")))
        columns.append(Column(letter, found, branch, form=form))
    known = {name: request.POST.get(name, "") for name in ("draft_id", "draft_seen")}
    return {"columns": columns, "choices": choices, "may_run": True, **known}


def form_after(request: Request, choices: Choices, letter: str, one: Press | None) -> RunForm:
    """Return the form of a column as it was typed, with its errors, or without the message that was sent."""
    initial = as_typed(request, letter)
    if one and one.started:
        initial |= {**dict.fromkeys(sent_fields(request, one), ""), **going_on_from(one.started.run)}
    elif one and not is_version(one):
        return one.form
    form = RunForm(initial=initial, choices=choices, prefix=prefix_of(letter))
    if one and not one.started:
        tell_why(request, form, one)
    return form


def is_version(one: Press) -> bool:
    """Tell whether another version of a turn was to be run, not what is typed as the next message."""
    return bool(one.form["instead_of"].value())


def sent_fields(request: Request, one: Press) -> Iterable[str]:
    """Return the fields that a press has sent."""
    if not is_version(one):
        return ("message", "messages_before")
    return EDITED_FIELDS if request.GET.get("instead") == EDITED else ()


def tell_why(request: Request, form: RunForm, one: Press) -> None:
    """Say in the form of a column why another version of a turn was not run: in its editor, if it has one."""
    if request.GET.get("instead") == EDITED:
        form.edit_errors, form.edit_stored = one.form.errors_in_a_row, one.form.stored
    else:
        form.version_errors = one.form.errors_in_a_row


def as_typed(request: Request, letter: str) -> dict[str, Any]:
    """Return what was typed into a column, as what its form begins with."""
    names = [name for name in RunForm.base_fields if name != "idempotency_key"] + ["key"]
    typed = {name: request.POST.get(field_name(letter, name), "") for name in names}
    variables = ValuesInput().value_from_datadict(request.POST, {}, field_name(letter, "variables"))
    for name in ("messages_before", "edited_before"):
        typed[name] = MessagesInput().value_from_datadict(request.POST, {}, field_name(letter, name))
    return {**typed, "stream": bool(typed["stream"]), "variables": variables}


def missed_runs(run: Run, last_turn: int | None) -> list[Run]:
    """Return the runs before this one that a page does not show which shows those up to `last_turn`.

    They came from another tab meanwhile, and are in the request: whoever sent it sees them with its answer.
    """
    if last_turn is None or run.turn <= last_turn + 1:
        return []
    tree = tree_of(run.conversation)
    between = [one.pk for one in tree.before(tree.by_id[run.pk]) if one.turn > last_turn]
    return list(Run.objects.turns_of(run.conversation).filter(pk__in=between).with_people())


def started_context(turns: list[Turn], form: RunForm) -> dict[str, Any]:
    """Return the new turn, what the page lacks or has too much of, and the hidden fields of the next one.

    All that can be typed stays as it is.
    """
    *missed, turn = turns
    fresh = MemoryForm(initial=going_on_from(turn.run), prefix=form.prefix)
    return {"turn": turn, "missed": missed, "erased": erased_before(turn.run), "next": fresh}


def erased_before(run: Run) -> list[str]:
    """Return the ids of the turns that were erased, in another tab perhaps: they are not in the request."""
    return [turn["run"] for turn in run.left_out or [] if turn["why"] == LeftOut.ERASED]
