"""The page says what was typed into its form so far, or that it may be forgotten."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.editor.drafts import DraftForm, discard_draft, save_draft
from playground.editor.views.index import identifier
from teams.http import Request
from teams.permissions import get_access

NOT_NEWEST = "Not saved: it was sent already, or something newer was written elsewhere."


@require_POST
def save(request: Request, slug: str) -> HttpResponse:
    """Keep what was typed; answer `{"saved": bool, "why": words}`, always 200: browsers log other answers.

    `idempotency_key` and `draft` are the form's own. `recovered` marks what a browser kept from an earlier
    page, which is taken only where nothing newer was written elsewhere.
    """
    access = get_access(request, slug, PlaygroundAct.RUN)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"saved": False, "why": form.why_not_kept()})
    page, base = identifier(request.POST, "idempotency_key"), identifier(request.POST, "draft")
    after = {one for one in (page, base) if one} if "recovered" in request.POST else None
    saved = save_draft(access.membership, form.fields_typed(), page, after)
    return JsonResponse({"saved": saved, "why": "" if saved else NOT_NEWEST})


@require_POST
def discard(request: Request, slug: str) -> HttpResponse:
    """Forget what was typed, and show the page as it is without it."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    discard_draft(access.membership)
    return redirect("playground:index", slug)
