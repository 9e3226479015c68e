"""Where a page of rows ends: the place of its last row, as a text that only we read."""

import base64
import binascii
import hashlib
from collections.abc import Sequence

import orjson

from usage.api.problems import Problem

LONGEST = 2_000
INVALID = "This cursor is none of this question's. Begin again without one."


def cursor_of(question: str, place: Sequence[str | int]) -> str:
    """The cursor after a row: its place, bound to the question."""
    text = orjson.dumps([_mark(question), *place])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def place_of(question: str, cursor: str) -> list[str | int]:
    """The place that a cursor tells; raises `Problem` for one that is another question's, or nobody's."""
    try:
        if len(cursor) > LONGEST:
            raise ValueError
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mark, *place = orjson.loads(text)
        if mark != _mark(question) or not all(isinstance(part, str | int) for part in place):
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise Problem(400, INVALID, "cursor_invalid") from None
    return place


def _mark(question: str) -> str:
    return hashlib.sha256(question.encode(errors="replace")).hexdigest()[:12]
