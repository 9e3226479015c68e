"""A pasted text becomes a request: a curl command or a JSON body, and what of it was not understood."""

from dataclasses import dataclass, field
from typing import Any

from playground.code.export.requests import PATH
from playground.code.paste.curl import begins_as_curl, read_curl
from playground.text.json_reading import NotReadable, read_object

NEITHER = "This is neither a curl command nor a JSON body."
NO_BODY = "The command sends no JSON body."


class NotPasted(ValueError):
    """Nothing can be taken from a text; the message says why, in the user's words."""

    def __init__(self, words: str, unread: list[str] | None = None) -> None:
        super().__init__(words)
        self.unread = unread or []


@dataclass(frozen=True, slots=True)
class Pasted:
    """A request as it was pasted; its base URL is empty where none was named."""

    payload: dict[str, Any]
    base_url: str = ""
    unread: list[str] = field(default_factory=list)


def read_pasted(text: str) -> Pasted:
    """Return the request that a text holds. Raises `NotPasted`."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    if begins_as_curl(text):
        return read_pasted_curl(text)
    if not text.lstrip().startswith("{"):
        raise NotPasted(NEITHER)
    return Pasted(body_of(text))


def read_pasted_curl(text: str) -> Pasted:
    """Return the request of a curl command."""
    command = read_curl(text)
    if not command.body.strip():
        raise NotPasted(NO_BODY, command.unread)
    payload = body_of(command.body, command.unread)
    base_url, path, rest = command.url.partition(PATH)
    if not path or rest.strip("/"):
        command.say(f"The address {command.url or '(none)'} does not end with {PATH}.")
        base_url = ""
    return Pasted(payload, base_url, command.unread)


def body_of(text: str, unread: list[str] | None = None) -> dict[str, Any]:
    """Return a JSON body as the fields it has."""
    try:
        return read_object(text)
    except NotReadable as problem:
        raise NotPasted(f"The JSON body cannot be read. {problem}", unread) from problem
