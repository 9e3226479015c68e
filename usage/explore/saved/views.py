"""The pages of saved views: their list, and what is done with each of them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common.templatetags.names import isolated
from teams.changes import Refused, attempt
from teams.http import FORM, Request, go_on, show_form
from teams.permissions import Access, get_access
from usage.acts import UsageAct
from usage.explore.saved import deeds
from usage.explore.saved.forms import NameForm, SaveForm
from usage.explore.saved.menu import PLAIN, Menu, canonical, question_of
from usage.models import SavedView

TEMPLATE = "usage/explore/saved/view.html"


@require_safe
def saved_views(request: Request, slug: str) -> HttpResponse:
    """List the team's views and one's own, and the one that was deleted just now."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    views = list(SavedView.objects.for_member(access.membership).kept())
    context = {
        "menu": Menu.of(access.membership, question_of({}), views),
        "may_share": access.may(UsageAct.SHARE_VIEWS),
        "may_choose_start": access.may(UsageAct.CHOOSE_START),
        "starts_in_playground": access.membership.starts_in_playground,
        "deleted": deleted_just_now(request, access),
        # Where the focus goes on: whoever moves a view moves it again.
        "moved": request.GET.get("moved", ""),
        "moved_to": request.GET.get("to", ""),
    }
    return render(request, "usage/explore/saved/saved_views.html", context)


def deleted_just_now(request: Request, access: Access) -> SavedView | None:
    """The view that the address says was deleted, while that can be undone."""
    number = request.GET.get("deleted", "")
    if not (number.isdecimal() and len(number) < 19):
        return None
    return deeds.restorable(access.membership).filter(pk=number).first()


@FORM
def save_view(request: Request, slug: str) -> HttpResponse:
    """Save the question of the address under a name."""
    access = get_access(request, slug, UsageAct.KEEP_VIEWS)
    query = canonical(question_of(request.GET))
    form = SaveForm(request.POST or None, may_share=access.may(UsageAct.SHARE_VIEWS))
    if view := attempt(
        form, lambda data: deeds.save(access, data["name"], query, is_of_team=form.is_of_team), "name"
    ):
        messages.success(request, f"{isolated(view.name)} was saved.")
        return open_view(request, slug, view)
    back = f"{reverse('usage:usage', args=[slug])}?{query or PLAIN}"
    return show_form(request, TEMPLATE, "view-form", form, back=back)


@FORM
def rename_view(request: Request, slug: str, view_id: int) -> HttpResponse:
    """Give a view another name."""
    access = get_access(request, slug, UsageAct.KEEP_VIEWS)
    view = deeds.find(access.membership, view_id)
    access.require(deeds.act_of(is_of_team=view.is_of_team))
    form = NameForm(request.POST or None, initial={"name": view.name})
    if attempt(form, lambda data: deeds.rename(access, view_id, data["name"]), "name"):
        messages.success(request, "Saved.")
        return go_on(request, "usage:saved_views", slug=slug)
    back = reverse("usage:saved_views", args=[slug])
    return show_form(request, TEMPLATE, "view-form", form, view=view, back=back)


@require_POST
def update_view(request: Request, slug: str, view_id: int) -> HttpResponse:
    """Let a view ask the question of the address."""
    access = get_access(request, slug, UsageAct.KEEP_VIEWS)
    view = deeds.update(access, view_id, canonical(question_of(request.GET)))
    messages.success(request, f"{isolated(view.name)} shows this now.")
    return open_view(request, slug, view)


@require_POST
def move_view(request: Request, slug: str, view_id: int) -> HttpResponse:
    """Move a view up or down by one."""
    access = get_access(request, slug, UsageAct.KEEP_VIEWS)
    to = "up" if request.POST.get("to") == "up" else "down"
    deeds.move(access, view_id, -1 if to == "up" else 1)
    return redirect(f"{reverse('usage:saved_views', args=[slug])}?{urlencode({'moved': view_id, 'to': to})}")


@require_POST
def start_with_view(request: Request, slug: str, view_id: int) -> HttpResponse:
    """Let usage open with a view, or no longer."""
    access = get_access(request, slug, UsageAct.KEEP_VIEWS)
    is_start = request.POST.get("start") != "no"
    view = deeds.choose_start(access, view_id, is_start=is_start)
    whose = "The team starts" if view.is_of_team else "You start"
    name = isolated(view.name)
    messages.success(request, f"{whose} with {name} now." if is_start else f"{whose} with {name} no longer.")
    return redirect("usage:saved_views", slug=slug)


@require_POST
def start_in_playground(request: Request, slug: str) -> HttpResponse:
    """Let whoever asks begin in the playground, whatever the team starts with; or no longer."""
    access = get_access(request, slug, UsageAct.KEEP_VIEWS)
    chosen = request.POST.get("start") != "no"
    deeds.start_in_playground(access, chosen=chosen)
    where = "in the playground" if chosen else "as the team does"
    messages.success(request, f"You start {where} now.")
    return redirect("usage:saved_views", slug=slug)


@require_POST
def delete_view(request: Request, slug: str, view_id: int) -> HttpResponse:
    """Delete a view; the list then says how to undo it."""
    access = get_access(request, slug, UsageAct.KEEP_VIEWS)
    deeds.delete(access, view_id)
    query = urlencode({"deleted": view_id})
    return redirect(f"{reverse('usage:saved_views', args=[slug])}?{query}")


@require_POST
def restore_view(request: Request, slug: str, view_id: int) -> HttpResponse:
    """Undo that a view was deleted."""
    access = get_access(request, slug, UsageAct.KEEP_VIEWS)
    try:
        view = deeds.restore(access, view_id)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{isolated(view.name)} is back.")
    return redirect("usage:saved_views", slug=slug)


def open_view(request: Request, slug: str, view: SavedView) -> HttpResponse:
    """Go on to the usage page with a view."""
    return go_on(request, f"{reverse('usage:usage', args=[slug])}?{view.address}")
