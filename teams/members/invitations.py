"""Invite people by a link that works once, and let them in."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from teams import audit
from teams.acts import TeamAct
from teams.changes import Refused, change
from teams.members.deeds import may_manage, require
from teams.models import Deed, Invitation, Membership, Role, Team, User
from teams.permissions import Access
from teams.sign_in import mailboxes

UNPROVEN = (
    "This invitation is for an address, and your account has not shown yet that the address is yours: "
    "choose a new password by the link that we mail to it, then open the invitation again."
)
MOST_SHOWN = 100
CLOSED = "This invitation was used already, was withdrawn, or is older than a week."


def invite(access: Access, role: Role, email: str = "") -> str:
    """Save an invitation and return its link, which can never be shown again."""
    with change(access, TeamAct.MANAGE_MEMBERS) as actor:
        require(actor, role)
        email = email.strip().lower()
        if email and Membership.objects.filter(team=actor.team, user__email=email).exists():
            raise Refused(f"{email} belongs to this team already.")
        invitation = Invitation(team=actor.team, role=role, email=email, created_by=actor.user)
        token = invitation.renew_token()
        invitation.save()
        audit.record(
            actor.team, Deed.MEMBER_INVITED, by=actor.user, about=invitation, ip=access.ip, role=role.value
        )
    return f"{settings.PUBLIC_URL}{reverse('invitation', args=[token])}"


def revoke(access: Access, invitation_id: int) -> None:
    """Withdraw an invitation that nobody used yet; nothing happens where there is none."""
    with change(access, TeamAct.MANAGE_MEMBERS) as actor:
        invitation = Invitation.objects.open().filter(team=actor.team, pk=invitation_id).first()
        if invitation:
            require(actor, Role(invitation.role))
            audit.record(actor.team, Deed.INVITATION_REVOKED, by=actor.user, about=invitation, ip=access.ip)
            invitation.delete()


def find_open(token: str) -> Invitation | None:
    """Return the invitation of this token while it can be accepted."""
    found = Invitation.objects.open().with_token(token).select_related("team", "created_by").first()
    return found if found and is_backed(found, maker_of(found)) else None


def open_ones(team: Team) -> list[Invitation]:
    """Return the newest invitations to a team that can be accepted, so many as a page shows."""
    found = list(Invitation.objects.open().filter(team=team).select_related("created_by")[:MOST_SHOWN])
    makers = Membership.objects.filter(team=team, user__in={row.created_by_id for row in found})
    places = {maker.user_id: maker for maker in makers}
    return [row for row in found if is_backed(row, places.get(row.created_by_id or 0))]


def maker_of(invitation: Invitation) -> Membership | None:
    """Return the place in the team that who invited has now."""
    return Membership.objects.filter(team=invitation.team, user=invitation.created_by).first()


def is_backed(invitation: Invitation, maker: Membership | None) -> bool:
    """Tell whether who made it may still make it: a removed admin leaves no open door."""
    return bool(maker and may_manage(maker, Role(invitation.role)))


@transaction.atomic
def accept(invitation: Invitation, user: User, ip: str = "") -> Membership:
    """Let `user` in, once. Whoever belongs to the team already keeps their role, and the link stays open.

    Raises `Refused` where the invitation is another person's, or somebody was faster. One that is for an
    address is for whoever has proven that it is theirs: accounts are made with any address.
    """
    if invitation.email and invitation.email != user.email:
        raise Refused(f"This invitation is for {invitation.email}.")
    if invitation.email and not mailboxes.is_proven(user):
        raise Refused(UNPROVEN)
    return let_in(invitation, user, ip)


def let_in(invitation: Invitation, user: User, ip: str) -> Membership:
    """Let `user` in, whoever the invitation is for."""
    # Waits for a change that is about to remove who invited.
    Team.objects.select_for_update().get(pk=invitation.team_id)
    member = Membership.objects.filter(team=invitation.team, user=user).first()
    if member:
        return member
    if not is_backed(invitation, maker_of(invitation)) or not invitation.take(user):
        raise Refused(CLOSED)
    member = Membership.objects.create(team=invitation.team, user=user, role=invitation.role)
    audit.record(invitation.team, Deed.MEMBER_JOINED, by=user, about=user, ip=ip, role=invitation.role)
    return member


@transaction.atomic
def accept_as_new(invitation: Invitation, email: str, name: str, password: str, ip: str = "") -> Membership:
    """Make an account and let it in. Raises `Refused` as `accept` does, and then makes none."""
    if User.objects.filter(email=email).exists():
        raise Refused("There is an account with this address. Sign in first.")
    user = User.objects.create_user(email, password, name=name)
    # The link was shown to who invites, so it proves nothing about the mailbox, whatever address it is for.
    mailboxes.claim(user)
    return let_in(invitation, user, ip)
