"""Who belongs to the team: roles, ways out, and the links that let people in."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common.templatetags.names import isolated
from teams.acts import TeamAct
from teams.changes import Refused, attempt
from teams.http import FORM, Request
from teams.members import deeds, invitations
from teams.members.forms import InviteForm
from teams.members.listing import member_list
from teams.models import Role
from teams.permissions import Access, get_access
from teams.sign_in import reauthentication


@require_safe
def members(request: Request, slug: str) -> HttpResponse:
    """List who belongs to the team, a page at a time, and the invitations that are open."""
    access = get_access(request, slug, TeamAct.SEE_MEMBERS)
    form = InviteForm(actor=access.membership)
    return render(request, "teams/members/members.html", page(access, form, request.GET))


@require_POST
def invite(request: Request, slug: str) -> HttpResponse:
    """Make an invitation and show its link, this once."""
    access = get_access(request, slug, TeamAct.MANAGE_MEMBERS)
    form = InviteForm(request.POST, actor=access.membership)
    is_of_owner = form.is_valid() and form.cleaned_data["role"] == Role.OWNER
    if is_of_owner and (asked := ask_for_owners(request, slug)):
        return asked
    link = attempt(form, lambda data: invitations.invite(access, Role(data["role"]), data["email"]), "email")
    shown = InviteForm(actor=access.membership) if link else form
    status = 422 if form.errors else 200
    return render(
        request, "teams/members/members.html", page(access, shown) | {"link": link or ""}, status=status
    )


@require_POST
def revoke(request: Request, slug: str, invitation_id: int) -> HttpResponse:
    """Withdraw an invitation."""
    access = get_access(request, slug, TeamAct.MANAGE_MEMBERS)
    invitations.revoke(access, invitation_id)
    messages.success(request, "The invitation was withdrawn. Its link no longer works.")
    return redirect("teams:members", slug=slug)


@require_POST
def change_role(request: Request, slug: str, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    access = get_access(request, slug, TeamAct.MANAGE_MEMBERS)
    role = request.POST.get("role", "")
    if role not in Role:
        messages.error(request, "There is no such role.")
        return redirect("teams:members", slug=slug)
    member = deeds.managed_member(access.membership, membership_id)
    if Role.OWNER in {role, member.role} and (asked := ask_for_owners(request, slug)):
        return asked
    try:
        member = deeds.change_role(access, membership_id, Role(role))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{isolated(member.user)} is now {Role(role).label.lower()}.")
    return redirect("teams:members", slug=slug)


@FORM
def remove(request: Request, slug: str, membership_id: int) -> HttpResponse:
    """Ask, then take somebody out of the team."""
    access = get_access(request, slug, TeamAct.MANAGE_MEMBERS)
    member = deeds.managed_member(access.membership, membership_id)
    if request.method != "POST":
        return render(request, "teams/members/remove.html", {"member": member})
    if asked := reauthentication.ask(request):
        return asked
    try:
        deeds.remove(access, membership_id)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{isolated(member.user)} no longer belongs to the team.")
    return redirect("teams:members", slug=slug)


@FORM
def leave(request: Request, slug: str) -> HttpResponse:
    """Ask, then let somebody go."""
    access = get_access(request, slug, TeamAct.LEAVE)
    if request.method != "POST":
        return render(request, "teams/members/leave.html")
    if asked := reauthentication.ask(request):
        return asked
    try:
        deeds.leave(access)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("teams:members", slug=slug)
    messages.success(request, f"You have left {isolated(access.team.name)}.")
    return redirect("home")


def ask_for_owners(request: Request, slug: str) -> HttpResponse | None:
    """Ask for the password before an owner is made, or unmade."""
    return reauthentication.ask(request, reverse("teams:members", args=[slug]))


def page(access: Access, form: InviteForm, query: Mapping[str, str] | None = None) -> dict[str, object]:
    """Return what the members page shows to whom: the members that `query` names, or the first ones."""
    manages, found = access.may(TeamAct.MANAGE_MEMBERS), member_list(access.team, query or {})
    return {
        "page": found,
        "members": [
            {"member": row, "may_change": deeds.may_manage(access.membership, Role(row.role))}
            for row in found
        ],
        "roles": deeds.roles_given_by(access.membership),
        "invitations": invitations.open_ones(access.team) if manages else [],
        "form": form if manages else None,
        "link": "",
    }
