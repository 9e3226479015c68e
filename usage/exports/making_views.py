"""Files that a worker makes: asked for, shown while they are made, and taken."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common import jobs
from common.fragments import render_fragment, unchanged
from teams.changes import Refused
from teams.http import Request, go_on
from teams.permissions import Access, get_access
from usage.acts import UsageAct
from usage.explore import freezing, frozen
from usage.exports import making
from usage.exports.files import attached
from usage.exports.parts import PART, part_of
from usage.models import Export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
def make_export(request: Request, slug: str) -> HttpResponse:
    """Have a file made of what the address asks, and show how far it is."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    # As it was asked: what has to be changed to answer is said in the file.
    asked = request.GET.copy()
    part = part_of(asked.pop(PART, ["1"])[-1]) or 1
    try:
        export = making.start(access, asked.urlencode(), part)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('usage:exports', args=[slug])}?{asked.urlencode()}")
    return go_on(request, "usage:made_export", slug=slug, export_id=export.pk)


@require_POST
def make_frozen_export(request: Request, slug: str, frozen_id: int) -> HttpResponse:
    """Have a file made of what a frozen page draws, and show how far it is."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    kept = freezing.find(access.team, frozen_id)
    page = frozen.contents(kept)["page"]
    if "sheet" not in page:
        raise Http404("No such file")
    try:
        export = making.start(access, page["question"], frozen=kept)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return go_on(request, "usage:frozen_page", slug=slug, frozen_id=frozen_id)
    return go_on(request, "usage:made_export", slug=slug, export_id=export.pk)


@require_safe
def made_exports(request: Request, slug: str) -> HttpResponse:
    """List the files that somebody had made."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    made = Export.objects.of_member(access.membership, timezone.now())
    return render(request, "usage/exports/made_list.html", {"made": made})


@require_safe
def made_export(request: Request, slug: str, export_id: int) -> HttpResponse:
    """Show how far a file is; once it is there, where it can be taken."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    export = _find(access, export_id)
    shown = next(iter(jobs.shown([export.job] if export.job else [])), None)
    tag = shown.tag if shown else ""
    if answer := unchanged(request, tag):
        return answer
    context: dict[str, Any] = {"export": export, "shown": shown}
    return render_fragment(request, "usage/exports/made.html", "made", context, tag)


@require_POST
def cancel_export(request: Request, slug: str, export_id: int) -> HttpResponse:
    """Let a file that is being made be none, and go back to what it was to be of."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    export = _find(access, export_id)
    if not making.cancel(export):
        return go_on(request, "usage:made_export", slug=slug, export_id=export_id)
    messages.success(request, "Cancelled: no Excel file is made.")
    if export.frozen:
        return go_on(request, "usage:frozen_page", slug=slug, frozen_id=export.frozen.pk)
    return redirect(f"{reverse('usage:usage', args=[slug])}?{export.question}")


@require_safe
def made_file(request: Request, slug: str, export_id: int) -> HttpResponse:
    """Hand out a file that was made."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    export = _find(access, export_id)
    if not export.is_done or export.content is None:
        raise Http404("It is not made yet")
    return HttpResponse(bytes(export.content), content_type=XLSX, headers=attached(export.name))


def _find(access: Access, export_id: int) -> Export:
    """A file that is whoever asks' own; 404 otherwise."""
    mine = Export.objects.of_member(access.membership, timezone.now())
    return get_object_or_404(mine, pk=export_id)
