"""A pasted text becomes a request: a curl command or a JSON body, and what of it was not understood."""

import re
from dataclasses import dataclass, field
from typing import Any

from playground.code.export.literals import whole_characters
from playground.code.export.requests import PATH
from playground.code.paste.curl import begins_as_curl, command_within, read_curl
from playground.text.json_reading import NotReadable, read_object

NEITHER = "This is neither a curl command nor a JSON body."
NO_BODY = "The command sends no JSON body."
NOT_BEFORE = "What stands before the curl command was not read."
# What a page or a file may put before a text.
UNSEEN = "\ufeff\u200b\u2060"
# As Markdown shows code.
FENCED = re.compile(r"\s*(```+|~~~+)[^\n`]*\n(.*?)\n[^\S\n]*\1\s*", re.DOTALL)
SLASHED = re.compile(r'\s*\{\s*\\"')
SLASHES = re.compile(r'\\+(?=")')


class NotPasted(ValueError):
    """Nothing can be taken from a text; the message says why, in the user's words."""

    def __init__(self, words: str, unread: list[str] | None = None) -> None:
        super().__init__(whole_characters(words))
        self.unread = unread or []


@dataclass(frozen=True, slots=True)
class Pasted:
    """A request as it was pasted; its base URL is empty where none was named."""

    payload: dict[str, Any]
    base_url: str = ""
    unread: list[str] = field(default_factory=list)


def read_pasted(text: str) -> Pasted:
    """Return the request that a text holds. Raises `NotPasted`."""
    text = text.replace("\r\n", "\n").lstrip(UNSEEN)
    if fenced := FENCED.fullmatch(text):
        text = fenced[2]
    if begins_as_curl(text):
        return read_pasted_curl(text)
    if text.lstrip().startswith("{"):
        return Pasted(body_of(text))
    if command := command_within(text):
        return read_pasted_curl(command, NOT_BEFORE)
    raise NotPasted(NEITHER)


def read_pasted_curl(text: str, *unread: str) -> Pasted:
    """Return the request of a curl command; `unread` is what was not read before it, in words."""
    command = read_curl(text)
    command.unread[:0] = unread
    if not command.body.strip():
        raise NotPasted(NO_BODY, command.unread)
    payload = body_of(as_taken(command.body), command.unread)
    base_url, path, rest = command.url.partition(PATH)
    if not path or rest.strip("/"):
        command.say(f"The address {command.url or '(none)'} does not end with {PATH}.")
        base_url = ""
    return Pasted(payload, base_url, command.unread)


def as_taken(body: str) -> str:
    r"""Return a body as Windows hands it to curl: PowerShell's quotes leave `\"` for the program to read."""
    if not SLASHED.match(body):
        return body
    return SLASHES.sub(lambda slashes: slashes[0][: len(slashes[0]) // 2], body)


def body_of(text: str, unread: list[str] | None = None) -> dict[str, Any]:
    """Return a JSON body as the fields it has."""
    try:
        return read_object(text)
    except NotReadable as problem:
        raise NotPasted(f"The JSON body cannot be read. {problem}", unread) from problem
