"""Markdown that grows: finished blocks are rendered once, only the last one is sent again.

A page holds two elements per answer: `closed` (finished blocks) and `tail` (the last block). In the tail
sits a `live` span, where text is appended as it comes; a few times a second the tail is rendered anew, so
that its emphasis and lists show. So a token costs the same however long the answer is.
"""

import html
import re
from typing import Any, NamedTuple

from playground.text.blocks import Blocks
from playground.text.markdown import normalize, render, render_quickly

# A longer last block is not rendered anew until it ends; its text is appended.
TAIL_CHARS = 4_000
REFRESH_SECONDS = 0.2
# So much is rendered in a few milliseconds, colours included (about 3 ms per 1,000 characters of code).
QUICK_CHARS = 2_000
# A private-use character stands where text will be appended; the model's own ones are replaced.
APPEND_POINT = "\ue000"
# What may change how text before or after it looks. A line that has a letter is past its first marks: there
# a hyphen, a full stop or a digit is nothing but itself.
FORMING = re.compile(r"[^\w !\"$%',./?@^+=\u00a0\u2010-\u2026-]|_")


class Change(NamedTuple):
    """What a page must do, in this order; None where there is nothing to do."""

    answer: str | None = None  # replace the finished blocks by these
    closed: str = ""  # append finished blocks
    tail: str | None = None  # replace the tail
    appended: str = ""  # append to the tail's live span


class LiveMarkdown:
    """One answer as one page sees it grow. `live_id` is the id of the span that text is appended to."""

    def __init__(self, live_id: str) -> None:
        self._span = f'<span class="live" id="{live_id}">'
        self._has_span = False
        self._blocks = Blocks()
        self._text: list[str] = []
        self._carriage_return = ""
        self._env: dict[str, Any] = {}
        self._rendered_at = float("-inf")
        self._stale = False  # the page shows appended text that may not be in form yet
        self._is_settled = False  # plain text can be appended and is in form

    def is_quick(self, text: str, *, is_end: bool) -> bool:
        """Tell whether `feed` with this text, and `finish` at the end, take a few milliseconds at most."""
        if is_end and self._env.get("references"):
            return False
        if len(text) + self._blocks.size <= QUICK_CHARS:
            return True
        if is_end or len(text) > QUICK_CHARS:
            return False
        # A long last block is rendered when it may be over: a listing at its fence, others at a line's end.
        return (self._blocks.fence[0] if self._blocks.fence else "\n") not in text

    def feed(self, text: str, now: float) -> Change:
        """Take new text at `now` (seconds of a steady clock) and return what changes on the page."""
        text = self._whole_lines(text)
        self._text.append(text)
        finished = self._blocks.feed(text)
        self._stale = self._stale or not self._is_settled or bool(FORMING.search(text))
        if finished or not self._has_span or (self._stale and self._is_due(now)):
            closed = render(finished, self._env) if finished else ""
            self._has_span = False
            return Change(closed=closed, tail=self._render_tail(now))
        return Change(appended=escape(text))

    def refresh(self, now: float) -> Change | None:
        """Return the tail in form, where appended text has waited long enough."""
        return Change(tail=self._render_tail(now)) if self._stale and self._is_due(now) else None

    def next_refresh_at(self) -> float | None:
        """Return when `refresh` will have something to say, or None while nothing waits for it."""
        return self._rendered_at + REFRESH_SECONDS if self._stale and self._may_render() else None

    def resume(self, now: float) -> Change:
        """Return the tail whole, for a page that has the finished blocks already."""
        return Change(tail=self._render_tail(now))

    def finish(self) -> Change:
        """Close the last block. Link definitions change earlier blocks: then all is sent anew."""
        last_line_end = normalize(self._carriage_return)
        self._text.append(last_line_end)
        closed = render(self._blocks.take_rest() + last_line_end, self._env)
        self._stale = False
        if self._env.get("references"):
            return Change(answer=render("".join(self._text)), tail="")
        return Change(closed=closed, tail="")

    def _whole_lines(self, text: str) -> str:
        """Normalize line ends, also where CR and LF come apart."""
        text = self._carriage_return + text
        self._carriage_return = "\r" if text.endswith("\r") else ""
        return normalize(text.removesuffix("\r"))

    def _is_due(self, now: float) -> bool:
        return self._may_render() and now >= self._rendered_at + REFRESH_SECONDS

    def _may_render(self) -> bool:
        # A listing gains nothing from being rendered anew: it gets its colours once, when it ends.
        return self._blocks.size <= TAIL_CHARS and not (self._blocks.fence and self._has_span)

    def _render_tail(self, now: float) -> str:
        self._rendered_at, self._stale, self._has_span = now, False, True
        tail = self._blocks.tail.replace(APPEND_POINT, "\ufffd")
        self._is_settled = is_settled(tail)
        if self._blocks.size > TAIL_CHARS and not self._blocks.fence:
            return f"{self._span}{escape(tail)}</span>"
        # Definitions count when their block is finished: the tail gets a copy.
        markup = render_quickly(tail + APPEND_POINT, {"references": dict(self._env.get("references", {}))})
        if markup.count(APPEND_POINT) != 1:
            self._is_settled = False
            return f"{markup.replace(APPEND_POINT, '')}{self._span}</span>"
        return markup.replace(APPEND_POINT, f"{self._span}</span>")


def is_settled(text: str) -> bool:
    """Tell whether plain text, appended to this, looks as if all had been rendered together."""
    line = text[text.rfind("\n") + 1 :]
    names_language = "```" in line or "~~~" in line
    return any(map(str.isalpha, line)) and not names_language and not FORMING.match(line[-1])


def escape(text: str) -> str:
    """Return text as HTML that shows exactly it."""
    return html.escape(text).replace("\0", "\ufffd")
