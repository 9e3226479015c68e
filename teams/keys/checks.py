"""Ask the provider about a key before anything is saved, and say in the user's words what came of it."""

from dataclasses import dataclass

from rax import (
    AddressRefusedError,
    AnswerError,
    AuthenticationError,
    BaseURLError,
    Client,
    ConnectError,
    Connections,
    KeyShapeError,
    Kind,
    ModelList,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RaxError,
    StatusError,
    Timeouts,
)
from teams.error_words import Remedy, remedy_for, words_for
from teams.upstream import ask_upstream

# A person waits for this. The deadline covers both attempts.
CHECK_SECONDS = 15.0
CONNECT_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What the provider said to a key: the models it may use, or a problem in the user's words.

    `models` is None where it told none; it may also tell that there are none. `field` names what to correct:
    `secret` or `base_url`. `is_sure` is false where the server has no catalogue to ask, so that neither key
    nor address is proven; `is_refusal` is true where the provider itself says no to the key.
    """

    models: ModelList | None = None
    problem: str = ""
    field: str = "base_url"
    is_sure: bool = True
    is_refusal: bool = False


async def check_key(secret: str, base_url: str, connections: Connections) -> KeyCheck:
    """Ask `/models` with this key and say what came of it. Never raises for what a server can do wrong."""
    timeouts = Timeouts(connect_seconds=CONNECT_SECONDS, get_seconds=CHECK_SECONDS)
    try:
        client = Client(secret, base_url=base_url, connections=connections, timeouts=timeouts, get_retries=1)
        answer = await client.models()
    except NotFoundError:
        # Servers without a catalogue may still chat: their models are typed by hand.
        return KeyCheck(is_sure=False)
    except RaxError as error:
        return explain(error)
    return KeyCheck(models=answer)


def check_key_now(secret: str, base_url: str) -> KeyCheck:
    """Do the same from a thread without an event loop."""
    return ask_upstream(lambda connections: check_key(secret, base_url, connections))


def explain(error: RaxError) -> KeyCheck:
    """Return in the user's words why a key or its address was not accepted, and which of the two."""
    told = about_address(error) or about_key(error)
    return told or KeyCheck(problem="Nothing answers at this address. Check the address, or try again.")


def about_address(error: RaxError) -> KeyCheck | None:
    """Return why no provider was asked, or what was asked is none; None for all else."""
    match error:
        case KeyShapeError():
            return KeyCheck(
                problem="A key has no spaces and no special letters. Copy it again.", field="secret"
            )
        case BaseURLError():
            return KeyCheck(problem="Write an address such as https://ai.raxcore.dev/api/v1.")
        case AddressRefusedError(kind=Kind.PLAIN_HTTP):
            return KeyCheck(
                problem="This address is on the public internet, and http would show the key to everybody on "
                "the way. Begin it with https://, or ask whoever runs raxdash to allow it with the setting "
                "UPSTREAM_ALLOW."
            )
        case AddressRefusedError():
            return KeyCheck(
                problem="This address is not on the public internet. Whoever runs raxdash can allow it with "
                "the setting UPSTREAM_ALLOW."
            )
        case ConnectError(kind=Kind.PROXY_FAILED):
            return KeyCheck(
                problem="The outbound proxy makes no connection to this address. Check the address, or ask "
                "whoever runs raxdash to look at the setting UPSTREAM_PROXY."
            )
        case AnswerError():
            return KeyCheck(problem="What answers at this address is not the API. Check the address.")
    return None


def about_key(error: RaxError) -> KeyCheck | None:
    """Return what the provider says of the key; None where it says nothing."""
    match error:
        case AuthenticationError():
            return KeyCheck(
                problem="The provider does not know this key. Copy it again, whole.",
                field="secret",
                is_refusal=True,
            )
        case PermissionDeniedError(is_page=False):
            return KeyCheck(
                problem="The provider knows this key but does not let it list the models.",
                field="secret",
                is_refusal=True,
            )
        case RateLimitError():
            return KeyCheck(
                problem="The provider says this key has made too many requests. Try again in a minute.",
                field="secret",
            )
        case StatusError():
            is_about_key = remedy_for(error) is Remedy.SECRET
            return KeyCheck(problem=words_for(error), field="secret" if is_about_key else "base_url")
    return None
