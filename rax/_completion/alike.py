"""Events that say what the one before them said, but for their words: nearly all of most streams.

What stands before and after the words of such an event is remembered, and the next one that has the same
around its own is not parsed: it cannot mean anything else.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

# How often in a row no event was like the one before it until that is expected no more.
_MOST_MISSES: Final = 16


class Alike:
    """Knows the words of an event by those of the event before it."""

    __slots__ = ("_after", "_before", "_misses", "index")

    def __init__(self) -> None:
        self._before = self._after = b""
        self._misses = 0
        # The choice whose words they are, as its event tells it.
        self.index: Any = None

    def words(self, data: bytes) -> str | None:
        """Return the words of an event that is like the last one; None where it has to be parsed."""
        before, after = self._before, self._after
        if not before or not data.startswith(before) or not data.endswith(after):
            return None
        said = data[len(before) : -len(after)]
        if b'"' in said or b"\\" in said or b"error" in said or b"base_resp" in said:
            return None  # it may be more than words
        if len(data) < len(before) + len(after):
            return None
        try:
            text = said.decode()
        except UnicodeDecodeError:
            return None
        self._misses = 0
        # A control character in a string is no JSON.
        return text if text.isprintable() else None

    def learn(self, value: Mapping[str, Any], data: bytes) -> None:
        """Remember what stands around the words of an event that says nothing but these, in one choice."""
        self._misses += 1
        choices = value["choices"]
        if self._misses > _MOST_MISSES or b"\\" in data or type(choices) is not list or len(choices) != 1:
            return
        delta = choices[0].get("delta")
        if type(delta) is not dict or len(delta) != 1:
            return
        # Nothing is escaped: they stand there as they are, and nowhere else.
        parts = data.split(orjson.dumps(delta["content"]))
        if len(parts) == 2:
            self._before, self._after, self.index = parts[0] + b'"', b'"' + parts[1], choices[0].get("index")
