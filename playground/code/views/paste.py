"""Somebody pasted a request: the page offers to fill the form with it. Nothing of it is run or stored."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.code.filling import fill
from playground.code.paste.reading import NotPasted, read_pasted
from playground.editor.drafts.saving import NEVER, Choice, Typed, save_draft
from playground.editor.form.choices import Choices
from teams.http import Request
from teams.permissions import get_access

TEMPLATE = "playground/code/paste.html"
MOST_CHARS = 1_500_000
TOO_LONG = f"At most {MOST_CHARS:,} characters can be read."


@require_POST
def paste(request: Request, slug: str) -> HttpResponse:
    """Answer with what `pasted` would fill the form with, and what of it was not understood.

    With `fill` it is kept as a draft, with which the page begins.
    """
    access = get_access(request, slug, PlaygroundAct.RUN)
    text = request.POST.get("pasted", "")
    template = f"{TEMPLATE}#offer" if request.htmx else TEMPLATE
    try:
        if len(text) > MOST_CHARS:
            raise NotPasted(TOO_LONG)
        filling = fill(read_pasted(text), Choices.of(access.membership))
    except NotPasted as problem:
        context = {"why_not": str(problem), "unread": problem.unread, "pasted": text}
        return render(request, template, context, status=200 if request.htmx else 422)
    if "fill" in request.POST:
        # As a draft of its own: nothing that was written before gives way.
        fields = {"variables": "", **filling.fields}
        save_draft(access.membership, Typed([fields], uuid.uuid4(), seen=NEVER), Choice.BOTH)
        return redirect("playground:index", slug)
    return render(request, template, {"filling": filling, "unread": filling.unread, "pasted": text})
