"""People, teams, roles and keys: the nouns the other apps build on."""

from teams.models.keys import Key, KeyLimits, KeyQuerySet, Plan
from teams.models.people import Membership, Role, Team, TeamQuerySet, User, validate_time_zone

__all__ = [
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
