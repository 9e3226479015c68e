"""The page behind an invitation's link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from common.templatetags.names import isolated
from teams.changes import Refused, attempt
from teams.http import FORM, Request
from teams.members import invitations
from teams.members.forms import JoinForm
from teams.models import Invitation, Membership, User
from teams.sign_in import mailboxes, reauthentication


@FORM
@login_not_required
@sensitive_post_parameters("password")
def invitation(request: Request, token: str) -> HttpResponse:
    """Show who invites to what, and let in: by one button with an account, by a form without."""
    found = invitations.find_open(token)
    if found is None:
        return render(
            request, "teams/members/invitation_closed.html", {"words": invitations.CLOSED}, status=404
        )
    join = join_with_account if request.user.is_authenticated else join_as_new
    return join(request, found)


def join_with_account(request: Request, found: Invitation) -> HttpResponse:
    """Ask whoever is signed in, then let them in."""
    if request.method == "POST":
        try:
            member = invitations.accept(found, request.user, request.META.get("REMOTE_ADDR", ""))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        return welcome(request, member)
    other = bool(found.email) and found.email != request.user.email
    unproven = bool(found.email) and not mailboxes.is_proven(request.user)
    context = {"invitation": found, "is_for_another": other, "is_unproven": unproven}
    return render(request, "teams/members/invitation.html", context | {"unproven": invitations.UNPROVEN})


def join_as_new(request: Request, found: Invitation) -> HttpResponse:
    """Make an account, let it in and sign it in."""
    form = JoinForm(request.POST if request.method == "POST" else None, invitation=found)
    address = request.META.get("REMOTE_ADDR", "")
    if member := attempt(
        form,
        lambda data: invitations.accept_as_new(found, data["email"], data["name"], data["password"], address),
        None,
    ):
        login(request, member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        reauthentication.password_was_said(request, member.user)
        return welcome(request, member)
    has_account = bool(found.email) and User.objects.filter(email=found.email).exists()
    context = {"invitation": found, "form": form, "has_account": has_account}
    return render(request, "teams/members/invitation.html", context, status=422 if form.errors else 200)


def welcome(request: Request, member: Membership) -> HttpResponse:
    """Open the team."""
    messages.success(request, f"Welcome to {isolated(member.team.name)}.")
    return redirect("playground:index", slug=member.team.slug)
