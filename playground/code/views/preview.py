"""The form's request as it would be sent now, looked at in any way; nothing is written, nothing is sent."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.code.export.requests import CodeRequest
from playground.code.panel import Panel, Tab, tabs, way_named
from playground.editor.columns.columns import LETTERS, letters_in, prefix_of
from playground.editor.columns.replacing import check_turns, with_last_asked_again
from playground.editor.form.choices import Choices
from playground.editor.form.run_form import RunForm
from playground.editor.start.preview import Preview, preview
from playground.editor.start.starting import CannotStart
from playground.editor.start.wishes import wish_of
from playground.models import Run
from teams.http import Request
from teams.permissions import Access, get_access

# What `as` may name beside the panel's tabs: the body itself, byte for byte.
BYTES = "bytes"
TEMPLATE = "playground/code/preview.html"


@require_POST
def show_preview(request: Request, slug: str) -> HttpResponse:
    """Answer with the request of a column: for htmx a panel, else a page, or with `?as=bytes` its body.

    `column` is its letter, `as` names the tab of the panel. What is wrong with the form is told in its place.
    """
    access = get_access(request, slug, PlaygroundAct.RUN)
    check_turns(access.team, request.POST)
    named = request.GET.get("as", "")
    found, why_not = preview_of(request, access)
    if named == BYTES:
        return answer_bytes(found, why_not)
    chosen, letter = way_named(named), column_of(request)
    letters = [Tab(one, one.upper(), one == letter) for one in letters_in(request.POST)]
    context: dict[str, Any] = {"why_not": why_not, "tabs": tabs(chosen), "letters": letters}
    context |= {"letter": letter, "chosen": chosen}
    if found:
        same = Run.objects.answered_already(access.team, found.base_url, found.digest)
        context["stored"] = same.with_people().first()
        panel = Panel(CodeRequest(found.base_url, found.payload), found.body, chosen)
        context |= {"panel": panel, "preview": found, "panels": panel.all_ways()}
    template = f"{TEMPLATE}#code-shown" if request.htmx else TEMPLATE
    # Browsers write every error status of a fetch to the console: 200 where nothing went wrong.
    return render(request, template, context, status=200 if found or request.htmx else 422)


def preview_of(request: Request, access: Access) -> tuple[Preview | None, list[str]]:
    """Return the request that the posted form asks for; else what is wrong with it, in sentences."""
    letter = column_of(request)
    data = with_last_asked_again(access.membership, request.POST, [letter])
    form = RunForm(data, choices=Choices.of(access.membership), prefix=prefix_of(letter))
    if not form.is_valid():
        return None, form.errors_in_a_row
    try:
        return preview(wish_of(access.membership, form)), []
    except CannotStart as problem:
        return None, [str(problem)]


def column_of(request: Request) -> str:
    """Return the letter of the column that is asked for; A where the form has no such."""
    named = request.GET.get("column", "")
    return named if named in letters_in(request.POST) else LETTERS[0]


def answer_bytes(found: Preview | None, why_not: list[str]) -> HttpResponse:
    """Answer with the body alone; with what is wrong, as JSON, where there is none."""
    if found is None:
        return JsonResponse({"errors": why_not}, status=422)
    return HttpResponse(found.body, content_type="application/json")
