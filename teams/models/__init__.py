"""People, teams, roles and keys: the nouns the other apps build on."""

from teams.models.attributes import ALWAYS, Attributes, KeyAttributes, Label, Owner
from teams.models.audit import AuditEntry, Deed
from teams.models.deadlines import DEADLINES, MOST_SECONDS, installed_timeouts
from teams.models.invitations import Invitation
from teams.models.keys import Key, KeyQuerySet
from teams.models.people import Membership, Team, TeamQuerySet, User, Weekday, validate_time_zone
from teams.models.plans import NO_LIMITS, KeyLimits, Plan, Terms
from teams.models.tokens import TeamToken
from teams.roles import Role

__all__ = [
    "ALWAYS",
    "DEADLINES",
    "MOST_SECONDS",
    "NO_LIMITS",
    "Attributes",
    "AuditEntry",
    "Deed",
    "Invitation",
    "Key",
    "KeyAttributes",
    "KeyLimits",
    "KeyQuerySet",
    "Label",
    "Membership",
    "Owner",
    "Plan",
    "Role",
    "Team",
    "TeamQuerySet",
    "TeamToken",
    "Terms",
    "User",
    "Weekday",
    "installed_timeouts",
    "validate_time_zone",
]
