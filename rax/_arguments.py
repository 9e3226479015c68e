"""Checks of what callers hand us, made before anything is sent."""

import functools
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from rax._answer_text import AnswerText
from rax._constants import DEFAULT_BASE_URL, KEY_CHARS, URL_CHARS
from rax._exceptions import ArgumentError, BaseURLError, KeyShapeError
from rax._redaction import Redactor
from rax._values import printable, read_text

_KEY_SHAPE = re.compile(rf"[\x21-\x7e]{{1,{KEY_CHARS}}}")
# Printable ASCII, but for # and ?, which begin what no base URL has, and \, which parsers read differently.
_URL_SHAPE = re.compile(r"[!\"$->@-\[\]-~]+")


ASK_FOR_USAGE: Final[Mapping[str, Any]] = {"stream_options": {"include_usage": True}}


class Key:
    """An API key that shows itself to nobody: its text and representation are `***`.

    Raises KeyShapeError, without the key in it, for anything but 1 to 512 printable ASCII characters:
    a key with a space or a line end would travel, or come back in the text of an exception.
    """

    __slots__ = ("_made", "_text")

    def __init__(self, text: str) -> None:
        if not isinstance(text, str) or not _KEY_SHAPE.fullmatch(text):
            raise KeyShapeError("The key must be printable ASCII without spaces, at most 512 characters.")
        self._text = text
        self._made: Redactor | None = None

    def reveal(self) -> str:
        """Return the key itself; called where a request is written, and nowhere else."""
        return self._text

    def redact(self, text: str) -> str:
        """Return `text` with `***` for the key, in whatever encoding it stands there (see `Redactor`)."""
        return self._redactor().redact(text)

    def redact_bytes(self, data: bytes) -> bytes:
        """Return `data` with `***` for the key; everything else stays byte for byte."""
        return self._redactor().redact_bytes(data)

    def redact_json(self, value: Any) -> Any:
        """Return a JSON value with `***` for the key in all its texts and names."""
        return self._redactor().redact_json(value)

    def redact_word(self, value: object) -> str | None:
        """Return a word of a server's, such as an id, as it may be stored and shown; None for what is none.

        It has at most 200 characters, and no control characters.
        """
        word = read_text(value)
        return printable(self.redact(word)) if word else None

    def answer_text(self) -> AnswerText:
        """Return what takes this key, letter by letter as it is, out of the text of one answer."""
        return AnswerText(self._text)

    def _redactor(self) -> Redactor:
        if self._made is None:
            self._made = Redactor(self._text)
        return self._made

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


def check_base_url(url: str) -> str:
    """Return the base URL without trailing slashes; raise BaseURLError for what is no plain address."""
    if not isinstance(url, str) or len(url) > URL_CHARS or not _URL_SHAPE.fullmatch(url):
        raise BaseURLError("The base URL must be ASCII without query or fragment, at most 2,000 characters.")
    return _plain(url)


@functools.lru_cache(maxsize=1_000)  # many keys of few servers
def _plain(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_plain = False
    if not is_plain or "@" in parts.netloc:
        raise BaseURLError("The base URL must be http or https, with a host and without credentials.")
    return url.rstrip("/")


def chat_payload(
    *,
    model: str,
    messages: Sequence[Mapping[str, Any]],
    temperature: float | None = None,
    max_tokens: int | None = None,
    top_p: float | None = None,
    stop: str | Sequence[str] | None = None,
    user: str | None = None,
    stream: bool = False,
    include_usage: bool = False,
) -> dict[str, Any]:
    """Return the body of a completion request, before it is encoded; a parameter that is None is not in it.

    A stream that asks for its tokens has `include_usage`. Raises ArgumentError for infinities.
    """
    for number in (temperature, max_tokens, top_p):
        if number is not None and not math.isfinite(number):
            raise ArgumentError("A parameter is not a finite number.")
    optional = {
        "temperature": temperature,
        "max_tokens": max_tokens,
        "top_p": top_p,
        "stop": [stop] if isinstance(stop, str) else stop and list(stop),
        "user": user,
    }
    given = {name: value for name, value in optional.items() if value is not None}
    payload = {"model": model, "messages": list(messages), **given}
    if stream:
        payload["stream"] = True
    return {**payload, **ASK_FOR_USAGE} if include_usage else payload


def asks_for_usage(base_url: str) -> bool:
    """Tell whether streams of this server are asked for their tokens, for as long as it refused none.

    The Rax API documents no such field.
    """
    return urlsplit(base_url).hostname != urlsplit(DEFAULT_BASE_URL).hostname


def encode_payload(payload: Mapping[str, Any]) -> bytes:
    """Return a payload as JSON, byte for byte as it is sent.

    Raises ArgumentError for what JSON cannot say, half characters included.
    """
    try:
        return orjson.dumps(payload)
    except TypeError:
        raise ArgumentError("The request cannot be written as JSON.") from None
