"""The key out of everything a server sent, before it leaves this package: the one place for it."""

import functools
import re
from base64 import b64encode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import accumulate, takewhile
from typing import Any, Final, NamedTuple

from rax._json import Unread

MASK: Final = b"***"

# A shorter key is hardly a secret (local servers take any), and would be found in innocent words.
LEAST_KEY_CHARS: Final = 8
# A beginning or an end of the key that is at least this long counts as the key: half of it, within bounds.
_LEAST_CHARS: Final = 8
_LEAST_CHARS_OF_LONG: Final = 12
# An escaped text may stand within an escaped text.
_MOST_ESCAPED: Final = 3
# How JSON, URLs, HTML and program texts write a printable character, in lower case.
# Each way begins with its own sign: so most of a text is passed over by its first character.
_ESCAPE: Final = re.compile(
    rb"(\\u00[2-7][0-9a-f]|\\x[2-7][0-9a-f]|%[2-7][0-9a-f]|\\[\\/\"']"
    rb"|&(?:#x0{0,4}[2-7][0-9a-f]|#0{0,4}(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-7])|quot|amp|lt|gt|apos);)"
)


class Redactor:
    """Puts `***` in the place of one key, wherever it stands in a text.

    Found are the key, its long beginnings and its long ends (8 characters of a short key, up to 12 of a long
    one), whatever their case: plain, as hex, as base64 in both alphabets and in the middle of something
    longer, with NULs between as UTF-16 writes them, and each of them with characters escaped for JSON, a URL
    or HTML, up to three times. A key of fewer than 8 characters is found only as a whole, plain or escaped,
    between blanks or quotes, and one of so few digits not at all: it would be found in counts. A text
    without the key costs some microseconds a kilobyte.
    """

    __slots__ = ("_forms", "_short")

    def __init__(self, key: str) -> None:
        is_short = len(key) < LEAST_KEY_CHARS
        self._forms = () if is_short else tuple(_forms(key.encode("ascii")))
        self._short = _alone(key) if is_short and not key.isdigit() else None

    def redact(self, text: str) -> str:
        """Return `text` without the key."""
        return self.redact_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def redact_bytes(self, data: bytes) -> bytes:
        """Return `data` without the key; everything else stays byte for byte."""
        folded = data.lower()
        spans = [*self._spans(folded), *self._escaped_spans(folded)]
        return _mask(data, spans) if spans else data

    def redact_json(self, value: Any) -> Any:
        """Return a JSON value without the key in any of its texts and names.

        Where two names become one, what they name is an `Unread`: it was told twice.
        """
        texts = "\n".join(_texts(value))  # as one text: many short ones would cost more
        return value if self.redact(texts) == texts else self._redacted(value)

    def _redacted(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, list):
            return [self._redacted(item) for item in value]
        if not isinstance(value, dict):
            return value
        found: dict[str, Any] = {}
        for told, item in value.items():
            name = self.redact(told)
            found[name] = Unread.TOLD_TWICE if name in found else self._redacted(item)
        return found

    def _spans(self, folded: bytes) -> Iterator[tuple[int, int]]:
        if self._short:
            yield from (match.span() for match in self._short.finditer(folded))
        for form in self._forms:
            start = folded.find(form.beginning)
            while start >= 0:
                end = start + _shared(form.text, folded[start : start + len(form.text)])
                yield start, end
                start = folded.find(form.beginning, end)
            start = folded.find(form.ending)
            while start >= 0:
                end = start + len(form.ending)
                before = folded[max(0, end - len(form.text)) : end]
                yield end - _shared(form.text[::-1], before[::-1]), end
                start = folded.find(form.ending, end)

    def _escaped_spans(self, folded: bytes) -> Iterator[tuple[int, int]]:
        """Yield where the key stands escaped, once or several times."""
        layers: list[_Unescaped] = []
        while len(layers) < _MOST_ESCAPED and any(sign in folded for sign in (b"\\", b"%", b"&")):
            layers.append(_Unescaped(folded))
            if layers[-1].text == folded:
                return
            folded = layers[-1].text
            found: Iterable[tuple[int, int]] = self._spans(folded)
            for layer in reversed(layers):
                found = layer.places(found)
            yield from found


class _Form(NamedTuple):
    """The key in one encoding, in lower case, with the beginning and the end by which it is found."""

    text: bytes
    beginning: bytes
    ending: bytes


def _alone(key: str) -> re.Pattern[bytes]:
    """Return what finds a short key where it stands by itself."""
    word = re.escape(key.lower().encode("ascii"))
    return re.compile(rb"(?<![^\s\"'`(=])" + word + rb"(?![^\s\"'`).,:;!?])")


def _forms(key: bytes) -> Iterator[_Form]:
    least = max(_LEAST_CHARS, min(_LEAST_CHARS_OF_LONG, len(key) // 2))
    forms = {
        key.lower(): least,
        key.hex().encode(): 2 * least,
        key.lower().decode().encode("utf-16-le")[:-1]: 2 * least - 1,
    }
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):
            first, last, enough = -(-8 * before // 6), 8 * (before + len(key)) // 6, 8 * (before + least) // 6
            forms[encode(bytes(before) + key)[first:last].lower()] = enough - first
    for form, length in forms.items():
        yield _Form(form, form[:length], form[-length:])


def _shared(form: bytes, found: bytes) -> int:
    """Return with how many bytes of the form `found` begins."""
    if form == found:
        return len(form)
    pairs = zip(form, found, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _texts(value: Any) -> Iterator[str]:
    """Yield every text and every name in a JSON value, in no order."""
    level = [value]
    while level:
        below: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is str:
                yield item
            elif kind is dict:
                yield from item
                below.extend(item.values())
            elif kind is list:
                below.extend(item)
        level = below


class _Unescaped:
    """A text with its escapes resolved, which knows where each of its bytes came from."""

    __slots__ = ("_parts", "_plain", "text")

    def __init__(self, folded: bytes) -> None:
        self._parts = _ESCAPE.split(folded)  # text, escape, text, …
        self._plain = self._parts.copy()
        self._plain[1::2] = map(_character, self._parts[1::2])
        self.text = b"".join(self._plain)

    def places(self, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield spans of `text` as spans of the text with escapes."""
        found = list(spans)
        if not found:
            return
        ours = [0, *accumulate(map(len, self._plain))]
        theirs = [0, *accumulate(map(len, self._parts))]
        for span in found:
            nearest = [bisect_right(ours, at) - 1 for at in span]
            start, end = (theirs[index] + at - ours[index] for at, index in zip(span, nearest, strict=True))
            yield start, end


@functools.lru_cache(maxsize=1_000)
def _character(escape: bytes) -> bytes:
    """Return the one byte that an escape stands for, in lower case."""
    if escape.startswith(b"&"):
        return unescape(escape.decode()).lower().encode("ascii", "replace")
    if len(escape) == 2:
        return escape[1:]
    return bytes((int(escape[-2:], 16),)).lower()


def _mask(data: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    pieces: list[bytes] = []
    position = 0
    for start, end in sorted(spans):
        if start >= position:
            pieces += data[position:start], MASK
        position = max(position, end)
    return b"".join((*pieces, data[position:]))
