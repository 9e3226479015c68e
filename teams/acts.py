"""What can be done in a team: the frame of an act, which each app fills with its own, and those on teams."""

from enum import Enum

from teams.roles import Role


class Act(Enum):
    """Something that one needs a role for. An app's acts are a subclass of this, one line each.

    The words continue “may”, and stand in docs/roles.md; `least` is the least role that may.
    """

    words: str
    least: Role

    def __init__(self, words: str, least: Role) -> None:
        self.words, self.least = words, least

    @property
    def roles(self) -> list[Role]:
        """The roles that may."""
        return [role for role in Role if role.includes(self.least)]


class TeamAct(Act):
    """What can be done with a team, its members and its keys."""

    SEE_KEYS = "See the keys, never a secret", Role.VIEWER
    SEE_MEMBERS = "See the members", Role.VIEWER
    LEAVE = "Leave the team", Role.VIEWER
    SPEND = "Spend on keys, but for those that are for others only", Role.MEMBER
    MAKE_TOKENS = "Make team tokens for programs that read, and revoke one's own", Role.MEMBER
    MANAGE_KEYS = "Add, change, check and retire keys", Role.ADMIN
    MANAGE_MEMBERS = "Invite and remove members, change their roles", Role.ADMIN
    MANAGE_TOKENS = "See and revoke everybody's team tokens", Role.ADMIN
    CHANGE_TEAM = "Change the team's settings", Role.ADMIN
    SEE_JOBS = "See how far long work is", Role.VIEWER
    STEER_JOBS = "Cancel long work, or try it again", Role.ADMIN
    READ_AUDIT = "Read the audit trail", Role.ADMIN
    MANAGE_OWNERS = "Make somebody an owner; change or remove an owner", Role.OWNER
    DELETE_TEAM = "Delete the team", Role.OWNER
