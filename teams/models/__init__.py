"""People, teams, roles and keys: the nouns the other apps build on."""

from teams.models.audit import AuditEntry, Deed
from teams.models.invitations import Invitation
from teams.models.keys import Key, KeyQuerySet
from teams.models.people import Membership, Role, Team, TeamQuerySet, User, validate_time_zone
from teams.models.plans import NO_LIMITS, KeyLimits, Plan, Terms

__all__ = [
    "NO_LIMITS",
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
    "Terms",
    "User",
    "validate_time_zone",
]
