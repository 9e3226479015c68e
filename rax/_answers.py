"""An answer as it came, safe to store: what every answer and every error of an answer carries with it."""

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final, Self

from rax._constants import (
    ANSWER_BODY_BYTES,
    ENCODED_KEY_BYTES,
    HEADER_NAME_CHARS,
    HEADER_VALUE_CHARS,
    KEPT_HEADERS,
)
from rax._values import printable, read_http_date, read_text

# What may let somebody in; `x-ratelimit-remaining-tokens` may stay.
_CREDENTIALS: Final = re.compile(r"cookie|authorization|authentication|secret|password|api-?key|-token$")
_REQUEST_ID_HEADERS: Final = ("x-request-id", "request-id", "x-rax-request-id", "x-amzn-requestid", "cf-ray")
# What is kept of however many: what the answer is, where it sends us, when to come back.
_KEPT_FIRST: Final = frozenset({"content-type", "location", "retry-after", "date", *_REQUEST_ID_HEADERS})


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An HTTP answer as it was received, but for the key, in whose place stands `***`.

    `headers` have lower-case names; at most 64, their names cut to 100 characters and their values to 256,
    without cookies and other credentials. `date` is the provider's own clock, its `Date` header as an aware
    UTC time; None where it is absent or unreadable. `body` is what came of the body, inflated, at most
    262,144 bytes; `is_cut` says that it was longer. A stream's body is not kept, nor one whose compression
    cannot be read: they are empty.
    """

    status_code: int
    headers: Mapping[str, str]
    date: datetime | None
    body: bytes = field(default=b"", repr=False)
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The body as text that databases and terminals take: U+FFFD for what is no UTF-8, no controls."""
        return printable(self.body.decode("utf-8", "replace"))

    @property
    def request_id(self) -> str | None:
        """The provider's id of the request, by whichever header names one."""
        headers = self.headers
        return next((read_text(headers[name]) for name in _REQUEST_ID_HEADERS if headers.get(name)), None)

    @property
    def location(self) -> str:
        """Where a redirect leads, as it was sent; empty where the answer is none."""
        return self.headers.get("location", "") if 300 <= self.status_code <= 399 else ""

    @property
    def content_type(self) -> str:
        """What the body is, as its header says; empty where it does not."""
        return self.headers.get("content-type", "")

    @classmethod
    def of(
        cls, status_code: int, headers: Mapping[str, str], body: bytes, redact: Callable[[bytes], bytes]
    ) -> Self:
        """Return what may be kept of an answer; `headers` have lower-case names."""
        return cls(
            status_code,
            _kept(headers, redact),
            read_http_date(headers.get("date", "")),
            redact(body[: ANSWER_BODY_BYTES + ENCODED_KEY_BYTES])[:ANSWER_BODY_BYTES],
            is_cut=len(body) > ANSWER_BODY_BYTES,
        )


def _kept(headers: Mapping[str, str], redact: Callable[[bytes], bytes]) -> dict[str, str]:
    """Return the headers that may be kept, redacted as one text: many short ones would cost more."""
    told: Iterable[tuple[str, str]] = headers.items()
    if len(headers) > KEPT_HEADERS:
        told = sorted(told, key=lambda header: header[0] not in _KEPT_FIRST)
    named = ((_kept_name(name), value) for name, value in islice(told, KEPT_HEADERS))
    kept = {name: value[:HEADER_VALUE_CHARS].replace("\n", " ") for name, value in named if name}
    text = "\n".join((*kept, *kept.values()))
    safe = printable(redact(text.encode()).decode())
    if safe == text:
        return kept
    lines = safe.split("\n")
    return dict(zip(lines[: len(kept)], lines[len(kept) :], strict=True))


@functools.lru_cache(maxsize=1_000)  # servers have few names, and say them with every answer
def _kept_name(name: str) -> str:
    """Return the name under which a header is kept; empty where it is not."""
    return "" if _CREDENTIALS.search(name) else name[:HEADER_NAME_CHARS].replace("\n", " ")
