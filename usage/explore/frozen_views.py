"""Frozen pages: made of what is shown, opened by their link, listed, and removed."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from common.lists import ListAddress
from teams.changes import Refused
from teams.http import FORM, Request, go_on
from teams.permissions import get_access
from usage.acts import UsageAct
from usage.explore import freezing, frozen
from usage.explore.figure.charts import script_json
from usage.models import FrozenReport

PER_PAGE = 25


@require_safe
def frozen_pages(request: Request, slug: str) -> HttpResponse:
    """List what the team froze, the newest first."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    kept = FrozenReport.objects.for_team(access.team).pages().defer("numbers")
    page = ListAddress(request.GET).page_of(kept, PER_PAGE)
    rows = [(one, freezing.may_remove(one, access.membership)) for one in page]
    return render(request, "usage/explore/frozen/list.html", {"page": page, "rows": rows})


@require_POST
def freeze(request: Request, slug: str) -> HttpResponse:
    """Keep what the address asks as it is now, and show it by its link."""
    access = get_access(request, slug, UsageAct.FREEZE)
    try:
        parts = dict(request.GET.lists())
        kept = freezing.freeze(access, lambda: freezing.report_of(access, parts, timezone.now()))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('usage:usage', args=[slug])}?{request.GET.urlencode()}")
    messages.success(request, "Frozen. Whoever belongs to the team can open the address of this page.")
    return go_on(request, "usage:frozen_page", slug=slug, frozen_id=kept.pk)


@require_safe
def frozen_page(request: Request, slug: str, frozen_id: int) -> HttpResponse:
    """Show a page as it was frozen, and beside it what is told otherwise now."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    kept = freezing.find(access.team, frozen_id)
    told = frozen.contents(kept)
    page = told["page"]
    changes, more = freezing.changed_since(kept, page, timezone.now())
    context = {
        "kept": kept,
        "shown": page,
        # A page of before knows of no comparison.
        "stats": [[*stat, "", "", ""][:7] for stat in page["stats"]],
        # Name and amount, and a change where something is compared.
        "on_phones": 3 if "Change" in page["heads"] else 2,
        "as_of": page["as_of"] and datetime.fromisoformat(page["as_of"]),
        "zone": told["time_zone"],
        "figure": page["figure"] and mark_safe(script_json(page["figure"])),  # noqa: S308  escaped
        "changes": changes,
        "more_changes": more,
        "may_remove": freezing.may_remove(kept, access.membership),
    }
    return render(request, "usage/explore/frozen/page.html", context)


@FORM
def remove_frozen(request: Request, slug: str, frozen_id: int) -> HttpResponse:
    """Ask, then remove a frozen page."""
    access = get_access(request, slug, UsageAct.FREEZE)
    kept = freezing.find(access.team, frozen_id)
    if request.method != "POST" and freezing.may_remove(kept, access.membership):
        return render(request, "usage/explore/frozen/remove.html", {"kept": kept})
    try:
        freezing.remove(access, frozen_id)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The frozen page was removed.")
    return go_on(request, "usage:frozen_pages", slug=slug)
