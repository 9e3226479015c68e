"""The page asks which of its answers are older than what is set beside them, and runs those."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.code.stale import stale_turn
from playground.editor.columns.addresses import branches_shown, page_url
from playground.editor.columns.columns import field_name, letters_in
from playground.editor.columns.replacing import asked_again, check_turns
from playground.editor.form.choices import Choices
from playground.editor.start.stored import SEND
from playground.editor.views.start import answer
from playground.models import Run
from teams.http import Request, go_on
from teams.permissions import Access, get_access

NOTHING = "Nothing was run: no answer here is older than what is set."


@require_POST
def stale(request: Request, slug: str) -> HttpResponse:
    """Answer with the letters of the columns whose last answer is stale: `{"stale": [letter, …]}`."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    check_turns(access.team, request.POST)
    return JsonResponse({"stale": list(stale_columns(access, request.POST, letters_in(request.POST)))})


@require_POST
def run_stale(request: Request, slug: str) -> HttpResponse:
    """Ask again what is stale, in the column that `run` names or in all, and answer as `start` does."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    check_turns(access.team, request.POST)
    form = form_of_stale(access, request.POST)
    if form is not None:
        return answer(request, access, form, SEND)
    messages.info(request, NOTHING)
    named = [request.POST.get(field_name(one, "conversation"), "") for one in letters_in(request.POST)]
    return go_on(request, page_url(slug, named, branches_shown(request)))


def form_of_stale(access: Access, data: QueryDict) -> QueryDict | None:
    """Return the form of a page that runs what is stale of the columns that are named; None where none is."""
    letters, named = list(letters_in(data)), data.get("run", "")
    found = stale_columns(access, data, [named] if named in letters else letters)
    form = data.copy()
    form["run"] = "all"
    for letter in letters:
        if letter in found:
            form = asked_again(form, letter, found[letter])
        else:
            # A column without a key is one that is not run.
            form.pop(field_name(letter, "idempotency_key"), None)
    return form if found else None


def stale_columns(access: Access, data: QueryDict, letters: Iterable[str]) -> dict[str, Run]:
    """Return, by their letters, the last turns of those columns whose answer is stale."""
    choices = Choices.of(access.membership)
    turns = {letter: stale_turn(access.membership, choices, data, letter) for letter in letters}
    return {letter: turn for letter, turn in turns.items() if turn}
