"""Save a provider's key, sealed."""

from dataclasses import dataclass

from teams.models import Key, KeyLimits, Plan, Team, User


@dataclass(frozen=True, slots=True)
class KeyDetails:
    """What somebody says about a key when adding it; `own` counts only with the plan of that name."""

    name: str
    secret: str
    base_url: str
    plan: str = Plan.FREE
    own: KeyLimits | None = None


def save_key(team: Team, owner: User, details: KeyDetails) -> Key:
    """Save a key, sealed; one of the same name in the team is given the new secret and plan."""
    key = Key.objects.filter(team=team, name=details.name).first() or Key(team=team, name=details.name)
    key.owner = owner
    key.base_url = details.base_url.rstrip("/")
    key.plan = details.plan
    key.status, key.status_reason = Key.Status.ACTIVE, ""
    own = (details.plan == Plan.OWN and details.own) or KeyLimits(None, None)
    key.requests_per_minute = own.requests_per_minute
    key.tokens_per_day, key.tokens_per_period = own.tokens_per_day, own.tokens_per_period
    key.set_secret(details.secret)
    key.save()
    return key
