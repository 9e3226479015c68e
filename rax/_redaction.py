"""The key out of everything a server sent, before it leaves this package: the one place for it."""

import functools
import re
from base64 import b64encode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import accumulate, takewhile
from typing import Final

MASK: Final = b"***"

# A beginning of the key that is at least this long counts as the key: half of it, within these bounds.
_LEAST_CHARS: Final = 8
_LEAST_CHARS_OF_LONG: Final = 12
# How JSON, URLs, HTML and program texts write a printable character, in lower case.
_ESCAPE: Final = re.compile(
    rb"((?:\\u00|\\x|%)[2-7][0-9a-f]|\\[\\/\"']"
    rb"|&(?:#x0{0,4}[2-7][0-9a-f]|#0{0,4}(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-7])|quot|amp|lt|gt|apos);)"
)


class Redactor:
    """Puts `***` in the place of one key, wherever it stands in a text.

    Found are the key and its long beginnings (8 characters of a short key, up to 12 of a long one), whatever
    their case: plain, as hex, as base64 in both alphabets and in the middle of something longer, and each of
    them with characters escaped once for JSON, a URL or HTML. A key of fewer than 8 characters is found
    as a whole, plain and escaped. A text without the key costs some microseconds a kilobyte.
    """

    __slots__ = ("_forms",)

    def __init__(self, key: str) -> None:
        self._forms = tuple(_forms(key.encode("ascii")))

    def redact(self, text: str) -> str:
        """Return `text` without the key."""
        return self.redact_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def redact_bytes(self, data: bytes) -> bytes:
        """Return `data` without the key; everything else stays byte for byte."""
        folded = data.lower()
        spans = list(self._spans(folded))
        if b"\\" in folded or b"%" in folded or b"&" in folded:
            unescaped = _Unescaped(folded)
            if found := list(self._spans(unescaped.text)):
                spans += unescaped.places(found)
        return _mask(data, spans) if spans else data

    def _spans(self, folded: bytes) -> Iterator[tuple[int, int]]:
        for beginning, form in self._forms:
            start = folded.find(beginning)
            while start >= 0:
                end = start + _shared(folded, start, form)
                yield start, end
                start = folded.find(beginning, end)


def _forms(key: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the key in each encoding, in lower case, after the beginning by which it is found."""
    least = min(len(key), max(_LEAST_CHARS, min(_LEAST_CHARS_OF_LONG, len(key) // 2)))
    forms = {key.lower(): least}
    if len(key) >= _LEAST_CHARS:
        forms[key.hex().encode()] = 2 * least
        for encode in (b64encode, urlsafe_b64encode):
            for before in range(3):
                first, last, enough = (
                    -(-8 * before // 6),
                    8 * (before + len(key)) // 6,
                    8 * (before + least) // 6,
                )
                forms[encode(bytes(before) + key)[first:last].lower()] = enough - first
    for form, length in forms.items():
        yield form[:length], form


def _shared(folded: bytes, start: int, form: bytes) -> int:
    """Return how many bytes at `start` are those of the form."""
    if folded.startswith(form, start):
        return len(form)
    pairs = zip(form, folded[start : start + len(form)], strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], pairs)
    return sum(1 for _ in same)


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
        ours = [0, *accumulate(map(len, self._plain))]
        theirs = [0, *accumulate(map(len, self._parts))]
        for span in spans:
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
