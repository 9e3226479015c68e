"""The page asks which of its answers are older than what is set beside them."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.code.stale import is_stale
from playground.editor.choices import Choices
from playground.editor.columns import field_name, letters_in, prefix_of
from playground.editor.forms import RunForm
from playground.editor.replacing import check_turns
from playground.editor.wishes import wish_of
from teams.http import Request
from teams.permissions import Access, get_access

# Stands for the message, which is that of the last turn, whatever is typed.
ANY_MESSAGE = "?"


@require_POST
def stale(request: Request, slug: str) -> HttpResponse:
    """Answer with the letters of the columns whose last answer is stale: `{"stale": [letter, …]}`."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    check_turns(access.team, request.POST)
    choices = Choices.of(access.membership)
    letters = [
        letter for letter in letters_in(request.POST) if is_column_stale(request, access, choices, letter)
    ]
    return JsonResponse({"stale": letters})


def is_column_stale(request: Request, access: Access, choices: Choices, letter: str) -> bool:
    """Tell it of one column; of one whose fields are wrong nothing is known."""
    data = request.POST.copy()
    if not data.get(field_name(letter, "conversation")):
        return False
    data[field_name(letter, "message")] = ANY_MESSAGE
    data[field_name(letter, "messages_before")] = ""
    form = RunForm(data, choices=choices, prefix=prefix_of(letter))
    return form.is_valid() and is_stale(wish_of(access.membership, form))
