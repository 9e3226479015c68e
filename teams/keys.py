"""Add a provider's key: check it live, seal it, save it."""

from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.conf import settings

from rax import Client, Connections, RaxError
from teams.models import Key, KeyLimits, Plan, Team, User

CHECK_SECONDS = 15.0
# Servers without a catalogue may still chat: their models are typed by hand.
NO_CATALOGUE = {404, 405, 500, 501}


@dataclass(frozen=True, slots=True)
class KeyDetails:
    """What somebody says about a key when adding it; `own` counts only with the plan of that name."""

    name: str
    secret: str
    base_url: str
    plan: str = Plan.FREE
    own: KeyLimits | None = None


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What the provider said to a key: the models it may use, or a problem in the user's words."""

    models: tuple[str, ...] = ()
    problem: str = ""


async def check_key(secret: str, base_url: str) -> KeyCheck:
    """Ask `/models` with this key and say what came of it. Never raises for what a server can do wrong."""
    try:
        async with Connections(allow=settings.UPSTREAM_ALLOW) as connections:
            answer = await Client(secret, base_url=base_url, connections=connections).models()
    except RaxError as error:
        if error.status_code in NO_CATALOGUE:
            return KeyCheck()
        return KeyCheck(problem=explain(error))
    except ValueError as error:
        return KeyCheck(problem=str(error))
    return KeyCheck(models=tuple(model.id for model in answer.models))


check_key_now = async_to_sync(check_key)


def explain(error: RaxError) -> str:
    """Return in the user's words why a key or its address was not accepted."""
    match error.status_code:
        case 401:
            return "The provider does not know this key. Copy it again, whole."
        case 403:
            return "The provider knows this key but does not let it list the models."
        case 429:
            return "The provider says this key has made too many requests. Try again in a minute."
        case None:
            return "The API did not answer at this address. Check the address, or try again."
        case status:
            return f"The API answered with an error ({status}). Check the address, or try again."


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
