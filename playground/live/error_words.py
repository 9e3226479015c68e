"""An error of the API in the words of those who read it."""

from playground.live.deadlines import words_for_deadline
from rax import Kind, RaxError, TransportError

# What people read; the provider's own words follow where there are any.
WORDS = {
    Kind.ARGUMENT: "This cannot be sent as it is",
    Kind.MISUSE: "raxdash was being stopped: nothing was sent",
    Kind.ADDRESS_REFUSED: "The key's address is not allowed here",
    Kind.PLAIN_HTTP: "The key would travel unencrypted: its address begins with http, not https",
    Kind.NAME_NOT_FOUND: "The key's address has no server: its name is not known",
    Kind.CONNECT_FAILED: "The API cannot be reached",
    Kind.CONNECT_TIMEOUT: "The API did not accept a connection in time",
    Kind.TLS_FAILED: "The API's certificate is not valid",
    Kind.PROXY_FAILED: "The outbound proxy (UPSTREAM_PROXY) made no connection to the API",
    Kind.CONNECTION_LOST: "The connection was lost before the answer was whole",
    Kind.TOTAL_DEADLINE: "The answer took longer than a run may",
    Kind.IDLE_DEADLINE: "The API said nothing for too long",
    Kind.NOT_HTTP: "What answered does not speak HTTP",
    Kind.TOO_LARGE: "The answer was larger than is accepted",
    Kind.ENCODED: "The answer was compressed, which a stream must not be",
    Kind.NOT_JSON: "The API answered with something other than JSON",
    Kind.UNEXPECTED_SHAPE: "The API's answer has no shape we know",
    Kind.EMPTY_STREAM: "The API answered with nothing",
    Kind.BAD_REQUEST: "The API did not accept the request",
    Kind.AUTHENTICATION: "The API does not accept this key",
    Kind.PERMISSION_DENIED: "The API does not let this key do that",
    Kind.NOT_FOUND: "The API does not know this model or address",
    Kind.RATE_LIMITED: "Too many requests or tokens for this key right now",
    Kind.SERVER_ERROR: "The API failed",
    Kind.UNAVAILABLE: "The API is unavailable at the moment",
    Kind.OTHER_STATUS: "The API answered with an error",
}


def words_for(error: RaxError) -> str:
    """Return what happened in a sentence, then what the API said of it."""
    if isinstance(error, TransportError) and (passed := words_for_deadline(error)):
        return passed
    words = WORDS.get(error.kind, "The API could not be asked")
    if error.status_code:
        words += f" ({error.status_code})"
    said = error.provider_message.strip()
    if not said and isinstance(error, ValueError):
        said = str(error)
    return f"{words}: {said}" if said else f"{words}."
