"""An error of the API in the words of those who read it, and what helps."""

import re
from enum import StrEnum
from http import HTTPStatus

from common.templatetags.names import without_controls
from rax import Kind, NotFoundError, RaxError, ServerError

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
WRONG_ADDRESS = "The key's address is probably wrong."
FOLLOWS_NONE = (
    "No redirect is followed, for the key would go along: if that is the API, make {} the key's address."
)
# What we ask for at a key's address.
_PATHS = ("/chat/completions", "/models", "/usage")

_NO_CREDIT = re.compile(
    r"(?:not|n't) (?:have )?enough (?:credits?|balance)|out of credits?|"
    r"insufficient[_ ](?:quota|balance|credits?|funds)|billing_hard_limit|payment required",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(
    r"\b(?:api[ _-]?key|access[ _-]?token)\b.{0,40}\b(?:not valid|invalid|incorrect|expired|missing)"
    r"|\b(?:invalid|incorrect|expired|unknown)[ _](?:(?:api[ _-]?)?key|access[ _-]?token)\b",
    re.IGNORECASE | re.DOTALL,
)
_MODEL = re.compile(r"\b(?:models?|deployment|engine)\b|model_|_model", re.IGNORECASE)
_ROUTE = re.compile(
    r"\b(?:routes?|endpoint|path|url|page|uri|cannot (?:post|get)|no handler|no static)\b"
    r"|^(?:404 )?not[ _]found\.?$",
    re.IGNORECASE,
)


class Remedy(StrEnum):
    """What helps after a failure: the same again, or something that must change first."""

    AGAIN = "again"
    PAUSE = "pause"
    # What the key says may be wrong, its address or its deadlines; or its server is away.
    CHECK = "check"
    ADDRESS = "address"
    SECRET = "secret"  # noqa: S105 no password
    REQUEST = "request"

    @property
    def concerns_key(self) -> bool:
        """Whether whoever may change the key can do something about it."""
        return self in {Remedy.CHECK, Remedy.ADDRESS, Remedy.SECRET}

    @property
    def needs_key_changed(self) -> bool:
        """Whether the same again fails for as long as the key is as it is."""
        return self in {Remedy.ADDRESS, Remedy.SECRET}


# What servers also say of a wrong key.
_UNSURE = frozenset({Kind.BAD_REQUEST, Kind.SERVER_ERROR})
_REMEDIES = {
    Kind.ARGUMENT: Remedy.REQUEST,
    Kind.ADDRESS_REFUSED: Remedy.ADDRESS,
    Kind.PLAIN_HTTP: Remedy.ADDRESS,
    Kind.NAME_NOT_FOUND: Remedy.CHECK,
    Kind.CONNECT_FAILED: Remedy.CHECK,
    Kind.CONNECT_TIMEOUT: Remedy.CHECK,
    Kind.TLS_FAILED: Remedy.CHECK,
    # The key's own deadlines may be raised.
    Kind.TOTAL_DEADLINE: Remedy.CHECK,
    Kind.IDLE_DEADLINE: Remedy.CHECK,
    Kind.NOT_HTTP: Remedy.CHECK,
    Kind.NOT_JSON: Remedy.CHECK,
    Kind.UNEXPECTED_SHAPE: Remedy.CHECK,
    Kind.BAD_REQUEST: Remedy.REQUEST,
    Kind.AUTHENTICATION: Remedy.SECRET,
    Kind.PERMISSION_DENIED: Remedy.SECRET,
    Kind.NOT_FOUND: Remedy.ADDRESS,
}


def words_for(error: RaxError) -> str:
    """Return what happened, with the HTTP status that was sent; what the API said of it; and what to do."""
    fact, said, advice, _ = _told(error)
    if status := sent_status(error):
        fact += f" ({status})"
    sentence = f"{fact}: {said}" if said else f"{fact}."
    if not advice:
        return sentence
    return f"{sentence}{'' if sentence.endswith(('.', '!', '?', '…')) else '.'} {advice}"


def remedy_for(error: RaxError) -> Remedy:
    """Return what helps."""
    return _told(error)[3]


def sent_status(error: RaxError) -> int | None:
    """Return the HTTP status of an error, where one was sent: an error inside an answer has none."""
    status = error.answer.status_code if error.answer else error.status_code
    return status if status and not 200 <= status <= 299 else None


def _told(error: RaxError) -> tuple[str, str, str, Remedy]:
    """Return what happened, what the API said of it, an advice or nothing, and what helps."""
    said = without_controls(error.provider_message).strip()
    status = sent_status(error) or 0
    if 300 <= status <= 399:
        return *_redirect(error), Remedy.ADDRESS
    if error.is_page and error.kind is not Kind.RATE_LIMITED:
        return _page(error, said, status)
    if isinstance(error, NotFoundError):
        return _not_found(error, said)
    if isinstance(error, ValueError):
        said = said or str(error)
    if error.kind is Kind.EMPTY_STREAM and said:
        return "The API answered with something other than a stream", said, "", Remedy.CHECK
    is_nothing = error.kind is Kind.NOT_JSON and not error.body
    words = WORDS.get(Kind.EMPTY_STREAM if is_nothing else error.kind, "The API could not be asked")
    named = f"{error.code} {error.type} {said}"
    later = Remedy.PAUSE if error.retry_after_seconds else None
    if status == 402 or _NO_CREDIT.search(named):
        return "The key's account has no credit left", said, "", later or Remedy.AGAIN
    if error.kind in _UNSURE and _BAD_KEY.search(named):
        return WORDS[Kind.AUTHENTICATION], said, "", Remedy.SECRET
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return WORDS[Kind.PROXY_FAILED], said, "It asks for a name and a password.", Remedy.AGAIN
    if status == 413:
        words = "The request is larger than the API takes"
    return words, said, "", later or _REMEDIES.get(error.kind, Remedy.AGAIN)


def _redirect(error: RaxError) -> tuple[str, str, str]:
    location = error.answer.location if error.answer else ""
    if not location:
        return "The API answered with a redirect that names no target", error.provider_message, WRONG_ADDRESS
    path = next((path for path in _PATHS if location.partition("?")[0].endswith(path)), "")
    base = location.partition("?")[0].removesuffix(path) if path and "://" in location else "it"
    return "The key's address leads elsewhere", f"to {location}", FOLLOWS_NONE.format(base)


def _page(error: RaxError, title: str, status: int) -> tuple[str, str, str, Remedy]:
    """Return the same of a web page: of whatever stands at a wrong address, or in front of the right one."""
    said = f"“{title}”" if title else ""
    if status in (401, 403) or isinstance(error, ServerError):
        fact = "A server in front of the API answered with a web page"
        return fact, said, f"Where that stays so: {WRONG_ADDRESS[0].lower()}{WRONG_ADDRESS[1:]}", Remedy.CHECK
    return "A web page came instead of an answer", said, WRONG_ADDRESS, Remedy.ADDRESS


def _not_found(error: RaxError, said: str) -> tuple[str, str, str, Remedy]:
    """Return the same of a server that does not know the model, or the route, or does not say which."""
    named = f"{error.code} {error.type} {said}"
    if error.status_code == 405 or (_ROUTE.search(said) and error.param != "model"):
        fact = "The API takes no prompts at the key's address"
        return fact, said, f"{WRONG_ADDRESS} It often ends in /v1.", Remedy.ADDRESS
    if error.param == "model" or _MODEL.search(named):
        return "The API does not know this model", said, "", Remedy.REQUEST
    advice = "Where the model is right, the key's address is probably wrong."
    return WORDS[Kind.NOT_FOUND], said, advice, Remedy.ADDRESS
