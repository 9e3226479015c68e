"""The pages of imports: what was imported, a file, past days, one import, and its deeds."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.lists import ListAddress
from teams.acts import TeamAct
from teams.changes import Refused, attempt
from teams.http import FORM, Request, go_on, show_form
from teams.jobs import shown_jobs
from teams.permissions import Access, get_access
from usage.acts import UsageAct
from usage.imports import deeds
from usage.imports.forms import DaysForm, FileForm, too_large
from usage.imports.jobs import dates, file, take
from usage.imports.overview import MOST_SHOWN, ShownImport, accounts_of, honoured
from usage.ledger.grid import ONE_DAY
from usage.models import Import, Meter

KINDS = (file.KIND, dates.KIND, take.TAKE, take.UNDO, take.DISCARD)
PER_PAGE = 25


@require_safe
def imports(request: Request, slug: str) -> HttpResponse:
    """Show what was imported, the newest first, and what is under way."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    page = ListAddress(request.GET).page_of(Import.objects.for_team(access.team), PER_PAGE)
    rows = [ShownImport.of(origin, access.team) for origin in page]
    return render(request, "usage/imports/imports.html", {"page": page, "rows": rows, **_frame(access)})


@FORM
def import_file(request: Request, slug: str) -> HttpResponse:
    """Take a file, and go on to what it would change."""
    access = get_access(request, slug, UsageAct.IMPORT)
    meters = list(_meters(access).order_by("name", "pk"))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(meters, *sent)
    if origin := attempt(
        form, lambda data: deeds.give_file(access, form.name, data["file"].read(), form.meter), None
    ):
        return go_on(request, "usage:import", slug=slug, import_id=origin.pk)
    return show_form(request, "usage/imports/file.html", "import-form", form, **_bound())


@FORM
def ask_for_days(request: Request, slug: str) -> HttpResponse:
    """Ask the providers of keys for past days, and go on to what these would change."""
    access = get_access(request, slug, UsageAct.IMPORT)
    meters = list(_meters(access).pollable().order_by("name", "pk"))
    yesterday = timezone.now().astimezone(access.team.quota_zone).date() - ONE_DAY
    form = DaysForm(meters, yesterday, request.POST if request.method == "POST" else None)
    if not meters:
        messages.info(request, "No key of this team can be asked.")
        return go_on(request, "usage:imports", slug=slug)
    if origin := attempt(
        form, lambda data: deeds.ask(access, form.meters, data["first"], data["last"]), None
    ):
        return go_on(request, "usage:import", slug=slug, import_id=origin.pk)
    context: dict[str, Any] = {"honoured": honoured(access.team)}
    return show_form(request, "usage/imports/days.html", "days-form", form, **context)


@require_safe
def import_page(request: Request, slug: str, import_id: int) -> HttpResponse:
    """Show an import: what it would change or did, or what stands in its way."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    origin = deeds.find(access.team, import_id)
    accounts = accounts_of(origin, access.team)
    context = {
        "shown": ShownImport.of(origin, access.team),
        "accounts": accounts[:MOST_SHOWN],
        "more": len(accounts[MOST_SHOWN:]),
    }
    return render(request, "usage/imports/import.html", context | _frame(access))


@require_POST
def take_import(request: Request, slug: str, import_id: int) -> HttpResponse:
    """Take in what was shown."""
    access = get_access(request, slug, UsageAct.IMPORT)
    return _do(request, access, import_id, deeds.take_in)


@require_POST
def discard_import(request: Request, slug: str, import_id: int) -> HttpResponse:
    """Throw away what was read."""
    access = get_access(request, slug, UsageAct.IMPORT)
    return _do(request, access, import_id, deeds.discard, is_gone=True)


@FORM
def undo_import(request: Request, slug: str, import_id: int) -> HttpResponse:
    """Say what will change, then take an import back."""
    access = get_access(request, slug, UsageAct.IMPORT)
    origin = deeds.find(access.team, import_id)
    if request.method != "POST" and origin.is_taken:
        shown = ShownImport.of(origin, access.team)
        return render(request, "usage/imports/undo.html", {"shown": shown})
    if request.method == "POST":
        return _do(request, access, import_id, deeds.undo)
    messages.info(request, deeds.TOO_LATE)
    return go_on(request, "usage:import", slug=slug, import_id=import_id)


def _do(
    request: Request, access: Access, import_id: int, deed: Any, *, is_gone: bool = False
) -> HttpResponse:
    """Do something with an import and show it, or all where it goes; say why it is not to be done."""
    try:
        deed(access, import_id)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        is_gone = False
    if is_gone:
        return go_on(request, "usage:imports", slug=access.team.slug)
    return go_on(request, "usage:import", slug=access.team.slug, import_id=import_id)


def _bound() -> dict[str, Any]:
    """How large a file may be."""
    return {"too_large": too_large(), "most_bytes": settings.MAX_IMPORT_BYTES}


def _meters(access: Access) -> Any:
    return Meter.objects.counted().filter(team=access.team).select_related("key").defer("state")


def _frame(access: Access) -> dict[str, Any]:
    """What all pages of imports show: work under way, and what the person who looks may do."""
    return {
        "jobs": shown_jobs(access.team, *KINDS),
        "may_steer": access.may(TeamAct.STEER_JOBS),
        "may_import": access.may(UsageAct.IMPORT),
    }
