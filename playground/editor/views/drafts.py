"""The page says what was typed into its columns so far, how they change, or that it may be forgotten."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.editor.addresses import branches_shown, page_url
from playground.editor.changes import change_columns
from playground.editor.choices import Choices
from playground.editor.columns import LETTERS, field_name, letters_in, prefix_of
from playground.editor.differs import differences
from playground.editor.drafts import DraftForm, discard_draft, save_draft
from playground.editor.marks import marks
from playground.editor.views.index import identifier
from playground.models.drafts import Fields
from teams.http import Request, go_on
from teams.permissions import Access, get_access

NOT_NEWEST = "Not saved: it was sent already, or something newer was written elsewhere."


@require_POST
def save(request: Request, slug: str) -> HttpResponse:
    """Keep what was typed; answer `{"saved": bool, "why": words}`, always 200: browsers log other answers.

    `idempotency_key` and `draft` are those of column A. `recovered` marks what a browser kept from an earlier
    page, which is taken only where nothing newer was written elsewhere.
    """
    access = get_access(request, slug, PlaygroundAct.RUN)
    columns, why = read_columns(request.POST)
    if why:
        return JsonResponse({"saved": False, "why": why})
    page, base = identifier(request.POST, "idempotency_key"), identifier(request.POST, "draft")
    after = {one for one in (page, base) if one} if "recovered" in request.POST else None
    saved = save_draft(access.membership, columns, page, after)
    answer: dict[str, Any] = {"saved": saved, "why": "" if saved else NOT_NEWEST}
    if len(columns) > 1:
        answer |= {"differs": what_differs(access, columns), "marks": what_is_marked(columns)}
    return JsonResponse(answer)


def what_differs(access: Access, columns: list[Fields]) -> str:
    """Return the strip of what differs between columns, as HTML."""
    own = own_columns(columns)
    found = differences(list(own.values()), Choices.of(access.membership).key_names, "".join(own))
    return render_to_string("playground/editor/_differs.html", {"differences": found, "team": access.team})


def what_is_marked(columns: list[Fields]) -> dict[str, str]:
    """Return which words differ from those of one's first column, as HTML by the names of fields."""
    template, own = "playground/editor/_marked.html", own_columns(columns)
    return {
        field_name(letter, name): render_to_string(template, {"pieces": pieces})
        for letter, found in zip(own, marks(list(own.values())), strict=True)
        for name, pieces in found.items()
    }


def own_columns(columns: list[Fields]) -> dict[str, Fields]:
    """Return the columns that can be typed into, by their letters; others show what somebody else asks."""
    return {
        letter: column for letter, column in zip(LETTERS, columns, strict=False) if column["idempotency_key"]
    }


@require_POST
def change(request: Request, slug: str) -> HttpResponse:
    """Add, copy, remove or link a column: keep all as it was typed, show the page anew."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    columns, why = read_columns(request.POST)
    if not why:
        columns = change_columns(columns, request.POST.get("change", ""))
        save_draft(access.membership, columns, identifier(request.POST, "idempotency_key"))
    else:
        messages.error(request, why)
    named = [column["conversation"] for column in columns]
    return go_on(request, page_url(slug, named, branches_shown(request)))


@require_POST
def discard(request: Request, slug: str) -> HttpResponse:
    """Forget what was typed, and show the page as it is without it."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    discard_draft(access.membership)
    return redirect("playground:index", slug)


def read_columns(data: QueryDict) -> tuple[list[Fields], str]:
    """Return the columns of a page as they were typed, and why they cannot be kept, in words."""
    forms = [DraftForm(data, prefix=prefix_of(letter)) for letter in letters_in(data)]
    if why := " ".join(form.why_not_kept() for form in forms if not form.is_valid()):
        return [], why
    return [form.fields_typed() for form in forms], ""
