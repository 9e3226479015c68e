"""People, teams, roles and keys: the nouns the other apps build on."""

from teams.models.audit import AuditEntry, Deed
from teams.models.invitations import Invitation
from teams.models.keys import Key, KeyLimits, KeyQuerySet, Plan
from teams.models.people import Membership, Role, Team, TeamQuerySet, User, validate_time_zone

__all__ = [
    "AuditEntry",
    "Deed",
    "Invitation",
    "Key",
    "KeyLimits",
    "KeyQuerySet",
    "Membership",
    "Plan",
    "Role",
    "Team",
    "TeamQuerySet",
    "User",
    "validate_time_zone",
]
