"""Keep addresses out of the log: invitations, password resets, streams and the first start hold tokens.

What Django says of a request names its route instead. The words of an address may also stand where nobody
expects them, such as in the traceback of an error page that failed or in a referer that was refused: whatever
a line holds of the address that is being answered, or of one with a token, becomes `…`.
"""

import re
from logging import Formatter, LogRecord, makeLogRecord
from typing import Final
from urllib.parse import unquote

from common import tracing

HIDDEN: Final = "…"
# Where a token stands in an address; `tests/raxdash/logs/test_addresses.py` holds that no route is missing.
# Team tokens begin with a word of their own: nobody sends them so, but by mistake.
WITH_TOKEN: Final = ("invitations/", "accounts/password/reset/key/", "token=", "ticket=", "rxd_")
LEAST_CHARS: Final = 8
# Words of routes, which may stand in a log, and the beginning of addresses without tokens.
ROUTE_WORDS: Final = frozenset(
    {"accounts", "inactive", "invitations", "openapi.json", "password", "playground", "reauthenticate"}
)
WITHOUT_TOKEN: Final = re.compile(r"/(?:t|static)/")
# What every record has; all else was given by the caller as `extra`.
STANDARD: Final = frozenset(vars(makeLogRecord({}))) | {"message", "asctime", "taskName"}

_HOST: Final = re.compile(r"^\w+://[^/?#]*")
_WORD: Final = re.compile(rf"[\w-]{{{LEAST_CHARS},}}", re.ASCII)
_SLASHES: Final = r"(?:[/\\]|%(?:25)*2f)+"
_EQUALS: Final = r"(?:=|%(?:25)*3d)"
_BEGINS: Final = "|".join(begins.replace("/", _SLASHES).replace("=", _EQUALS) for begins in WITH_TOKEN)
_TOKENS: Final = re.compile(rf"({_BEGINS})[^\s\"'<>]+", re.IGNORECASE)


def note_address(path: str, query: str, *came_from: str) -> None:
    """Remember what is being answered, and from which pages it came, for as long as this context lasts."""
    tracing.address.set((path, query, *came_from))


def without_addresses(record: LogRecord) -> bool:
    """Take the addresses out of a record, before it is formatted; every record passes."""
    request = record.__dict__.pop("request", None)
    if hasattr(request, "resolver_match") and isinstance(record.args, tuple) and record.args:
        match = request.resolver_match
        # Django names the path last, escaped in a way of its own.
        record.args = (*record.args[:-1], match.view_name if match else "(no route)")
    words = words_of(tracing.address.get())
    message = record.getMessage()
    if (safe := hidden(message, words)) != message:
        record.msg, record.args = safe, None
    if record.exc_info:
        record.exc_text = hidden(record.exc_text or Formatter().formatException(record.exc_info), words)
    for name in vars(record).keys() - STANDARD | {"stack_info"}:
        if isinstance(value := getattr(record, name), str):
            setattr(record, name, hidden(value, words))
    return True


def hidden(text: str, words: frozenset[str]) -> str:
    """Return a text without these words and without anything that looks like a token in an address."""
    for word in words:
        text = text.replace(word, HIDDEN)
    return _TOKENS.sub(rf"\1{HIDDEN}", text)


def words_of(address: tuple[str, ...]) -> frozenset[str]:
    """Return what of an address (path, query, referer) may be a token, however it is written."""
    paths = (_HOST.sub("", part) for part in address)
    suspect = [path for path in paths if not WITHOUT_TOKEN.match(path)]
    spellings = {spelling for part in suspect for spelling in (part, unquote(part), unquote(unquote(part)))}
    return frozenset(word for spelling in spellings for word in _WORD.findall(spelling)) - ROUTE_WORDS
