"""Who belongs to a team, as what; the last owner stays."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from teams import audit, signals
from teams.acts import TeamAct
from teams.changes import Refused, change
from teams.keys.attributes import disown
from teams.models import Deed, Membership, Role
from teams.permissions import Access

LAST_OWNER = "A team needs an owner. Make somebody else an owner first."


def may_manage(actor: Membership, role: Role) -> bool:
    """Tell whether `actor` may give this role, or change who has it: owners are made and unmade by owners."""
    return actor.may(TeamAct.MANAGE_OWNERS if role == Role.OWNER else TeamAct.MANAGE_MEMBERS)


def roles_given_by(actor: Membership) -> list[Role]:
    """Return the roles that `actor` may give."""
    return [role for role in Role if may_manage(actor, role)]


def change_role(access: Access, membership_id: int, role: Role) -> Membership:
    """Give a member another role. Raises `Refused` for the last owner."""
    with change(access, TeamAct.MANAGE_MEMBERS) as actor:
        member = managed_member(actor, membership_id)
        require(actor, role)
        before = Role(member.role)
        if before != role:
            keep_an_owner(member, role)
            member.role = role
            member.save(update_fields=["role"])
            changed = {"role": [before.value, role.value]}
            audit.record(
                actor.team, Deed.ROLE_CHANGED, by=actor.user, about=member.user, ip=access.ip, **changed
            )
    return member


def remove(access: Access, membership_id: int) -> Membership:
    """Take somebody out of the team, at once. Raises `Refused` for the last owner and for oneself."""
    with change(access, TeamAct.MANAGE_MEMBERS) as actor:
        member = managed_member(actor, membership_id)
        if member == actor:
            raise Refused("To go yourself, press “Leave the team”.")
        audit.record(actor.team, Deed.MEMBER_REMOVED, by=actor.user, about=member.user, ip=access.ip)
        take_out(member)
    return member


def leave(access: Access) -> None:
    """Take oneself out of the team. Raises `Refused` for the last owner."""
    with change(access, TeamAct.LEAVE) as actor:
        keep_an_owner(actor, None)
        audit.record(actor.team, Deed.MEMBER_LEFT, by=actor.user, about=actor.user, ip=access.ip)
        take_out(actor)


def managed_member(actor: Membership, membership_id: int) -> Membership:
    """Return a member of the actor's team whom the actor may change."""
    members = Membership.objects.select_related("user").filter(team=actor.team)
    member = get_object_or_404(members, pk=membership_id)
    require(actor, Role(member.role))
    return member


def require(actor: Membership, role: Role) -> None:
    """Raise `PermissionDenied` where only an owner may give or take this role."""
    if not may_manage(actor, role):
        raise PermissionDenied("Only owners may do this to owners.")


def keep_an_owner(member: Membership, role: Role | None) -> None:
    """Refuse a change that would leave the team without an owner. Called with the team locked."""
    if member.role != Role.OWNER or role == Role.OWNER:
        return
    others = Membership.objects.filter(team=member.team_id, role=Role.OWNER).exclude(pk=member.pk)
    if not others.exists():
        raise Refused(LAST_OWNER)


def take_out(member: Membership) -> None:
    """Delete the membership, with what hangs on it: places on keys by cascade, ownership of keys here."""
    disown(member.user, member.team)
    signals.member_left.send(Membership, team=member.team, user=member.user)
    member.delete()
