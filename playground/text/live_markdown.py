"""Markdown that grows: finished blocks are rendered once, only the last one is sent again.

A page holds two elements per answer: `closed` (finished blocks) and `tail` (the last block). In the tail
sits a `live` span, where text is appended as it comes; a few times a second the tail is rendered anew, so
that its emphasis and lists show. So a token costs the same however long the answer is.

What is on the page looks as it will stay, and the page never shrinks for nothing: for a new line the tail is
rendered anew, at once where that costs little, and what may still become anything waits for what decides.
"""

import html
import re
from typing import Any, NamedTuple

from playground.text.blocks import Blocks
from playground.text.footnotes import IS_PART, NOTES, Notes
from playground.text.markdown import normalize, render, render_quickly
from playground.text.undecided import is_marks, undecided_from

# A longer last block is rendered anew only when it has grown by this factor; between, its text is appended.
TAIL_CHARS = 4_000
GROWTH = 1.25
REFRESH_SECONDS = 0.2
# Text that the page does not show waits for so much less as the tail is short: so long for each character of
# that, of which a twentieth is spent on rendering it.
SECONDS_PER_CHAR = 20e-6
# So much is rendered in a few milliseconds, colours included (about 3 ms per 1,000 characters of code).
QUICK_CHARS = 2_000
# A rare character stands where text will be appended; the model's own ones are replaced meanwhile. It counts
# as punctuation: so emphasis that closes before it is closed.
APPEND_POINT = "\N{TIRONIAN SIGN CAPITAL ET}"
# What may change how text before or after it looks. A line that has a letter is past its first marks: there
# a hyphen, a full stop or a digit is nothing but itself; a dollar may end a formula.
FORMING = re.compile(r"[^\w !\"%',./?@^+=\u00a0\u2010-\u2026-]|_")
BLANK_LINES = re.compile(r"\n[ \t\n]*\n")


class Change(NamedTuple):
    """What a page must do, in this order; None where there is nothing to do."""

    answer: str | None = None  # replace the finished blocks by these
    closed: str = ""  # append finished blocks
    tail: str | None = None  # replace the tail
    appended: str = ""  # append to the tail's live span


class LiveMarkdown:
    """One answer as one page sees it grow. `live_id` is the id of the span that text is appended to, `prefix`
    that of the places of its footnotes."""

    def __init__(self, live_id: str, prefix: str = "") -> None:
        self._prefix = prefix
        self._span = f'<span class="live" id="{live_id}">'
        self._blocks = Blocks()
        self._text: list[str] = []
        self._carriage_return = ""
        self._env: dict[str, Any] = {IS_PART: True}
        self._rendered_at = float("-inf")
        self._rendered_size = 0
        self._has_closed = False  # the page has finished blocks
        self._waiting = ""  # the end of the tail that the page does not show yet
        self._hides_text = False  # some of that is decided, and waits for the tail to be rendered
        self._shows_text = False  # of the tail, anything at all
        self._shows_listing = False  # the tail as a listing that text is appended to
        self._can_append = False  # the span stands where the text goes on
        self._stale = False  # the page shows appended text that may not be in form yet
        self._is_settled = False  # plain text can be appended and is in form

    def is_quick(self, text: str, *, is_end: bool) -> bool:
        """Tell whether `feed` with this text, and `finish` at the end, take a few milliseconds at most."""
        if is_end and (self._is_sent_anew() or "[^" in self._blocks.tail + text):
            return False
        if len(text) + self._blocks.size <= QUICK_CHARS:
            return True
        if is_end or len(text) > QUICK_CHARS or self._is_grown(len(text)):
            return False
        # A long last block is rendered when it may be over: a listing at its fence, others at a line's end.
        return (self._blocks.fence[0] if self._blocks.fence else "\n") not in text

    def feed(self, text: str, now: float) -> Change:
        """Take new text at `now` (seconds of a steady clock) and return what changes on the page."""
        text = self._whole_lines(text)
        self._text.append(text)
        self._waiting += text
        if finished := self._blocks.feed(text):
            self._shows_text, self._has_closed = False, True
            return Change(closed=render(finished, self._env), tail=self._render_tail(now))
        appended = self._take_decided()
        if self._begins(appended) or (self._stale and self._is_due(now)):
            return Change(tail=self._render_tail(now))
        return Change(appended=escape(appended))

    def refresh(self, now: float) -> Change | None:
        """Return the tail in form, where appended text has waited long enough."""
        is_due = self._stale and self._refreshes() and self._is_due(now)
        return Change(tail=self._render_tail(now)) if is_due else None

    def next_refresh_at(self) -> float | None:
        """Return when `refresh` will have something to say, or None while nothing waits for it."""
        return self._rendered_at + self._pause() if self._stale and self._refreshes() else None

    def resume(self, now: float) -> Change:
        """Return the tail whole, for a page that has the finished blocks already."""
        return Change(tail=self._render_tail(now))

    def finish(self) -> Change:
        """Close the last block. What links and notes mean changes earlier blocks: then all is sent anew."""
        last_line_end = normalize(self._carriage_return)
        self._text.append(last_line_end)
        closed = render(self._blocks.take_rest() + last_line_end, self._env)
        self._stale = False
        if self._is_sent_anew():
            return Change(answer=render("".join(self._text), prefix=self._prefix), tail="")
        return Change(closed=closed, tail="")

    def _is_sent_anew(self) -> bool:
        """Tell whether earlier blocks are not what they were shown as."""
        notes: Notes | None = self._env.get(NOTES)
        return bool(self._env.get("references") or (notes and notes.defined))

    def _whole_lines(self, text: str) -> str:
        """Normalize line ends, also where CR and LF come apart."""
        text = self._carriage_return + text
        self._carriage_return = "\r" if text.endswith("\r") else ""
        return normalize(text.removesuffix("\r"))

    def _is_due(self, now: float) -> bool:
        return (self._refreshes() or self._is_grown()) and now >= self._rendered_at + self._pause()

    def _pause(self) -> float:
        """Return for how many seconds the tail stays as it was rendered."""
        return (
            min(REFRESH_SECONDS, self._blocks.size * SECONDS_PER_CHAR)
            if self._hides_text
            else REFRESH_SECONDS
        )

    def _refreshes(self) -> bool:
        """Tell whether the tail is rendered anew a few times a second."""
        # A listing gains nothing from that: it gets its colours once, when it ends.
        return self._blocks.size <= TAIL_CHARS and not self._grows_listing()

    def _is_grown(self, more: int = 0) -> bool:
        """Tell whether a long tail is rendered anew, with so many characters more."""
        size = self._blocks.size + more
        return size > max(TAIL_CHARS, self._rendered_size * GROWTH) and not self._grows_listing()

    def _grows_listing(self) -> bool:
        return self._shows_listing and bool(self._blocks.fence)

    def _begins(self, appended: str) -> bool:
        """Tell whether the tail is to be rendered at once: as its first text, or to show that it comes."""
        return not self._shows_text and (bool(appended) or self._rendered_at == float("-inf"))

    def _take_decided(self) -> str:
        """Return what can be appended, and keep what waits: for its form, or for what decides about it."""
        if self._can_append and self._shows_text and not FORMING.search(self._waiting):
            self._stale = self._stale or not self._is_settled
            taken, self._waiting, self._hides_text = self._waiting, "", False
            return taken
        is_listing = self._grows_listing()
        begins_line = not self._shows_text
        end = undecided_from(self._waiting, begins_line=begins_line, is_listing=is_listing)
        decided = self._waiting[:end]
        if decided and (not self._is_settled or FORMING.search(decided)):
            self._stale = True
        if self._refreshes():
            end = decided.find("\n") if "\n" in decided else end
            end = end if self._can_append or begins_line else 0
        self._hides_text = bool(decided[end:].strip())
        taken, self._waiting = self._waiting[:end], self._waiting[end:]
        # Blocks stand closer to each other than lines with an empty one between them.
        return taken if is_listing else BLANK_LINES.sub("\n", taken)

    def _render_tail(self, now: float) -> str:
        self._rendered_at, self._rendered_size = now, self._blocks.size
        self._stale = self._hides_text = False
        tail = self._blocks.tail.replace(APPEND_POINT, "\ufffd")
        is_listing = bool(self._blocks.fence)
        end = undecided_from(tail, begins_line=True, is_listing=is_listing)
        shown, self._waiting = tail[:end], tail[end:]
        if is_listing and "\n" not in shown.strip():
            shown, self._waiting = f"{shown}\n", self._waiting[1:]
        self._shows_text, self._shows_listing, self._can_append = bool(shown), is_listing, True
        self._is_settled = is_settled(shown)
        if not shown and self._has_closed:
            return ""
        return self._with_span(shown, is_listing)

    def _with_span(self, shown: str, is_listing: bool) -> str:
        """Return text as HTML, with the span at its end, or after all where its end takes nothing more."""
        takes_more = not shown or is_listing or not is_marks(shown[shown.rfind("\n") + 1 :])
        # Definitions count when their block is finished: the tail gets a copy.
        env = {"references": dict(self._env.get("references", {})), IS_PART: True}
        markup = render_quickly(shown + APPEND_POINT if takes_more else shown, env)
        if markup.count(APPEND_POINT) == 1:
            return markup.replace(APPEND_POINT, f"{self._span}</span>")
        self._is_settled = self._can_append = False
        return f"{markup.replace(APPEND_POINT, '')}{self._span}</span>"


def is_settled(text: str) -> bool:
    """Tell whether plain text, appended to this, looks as if all had been rendered together."""
    line = text[text.rfind("\n") + 1 :]
    names_language = "```" in line or "~~~" in line
    return any(map(str.isalpha, line)) and not names_language and not FORMING.match(line[-1])


def escape(text: str) -> str:
    """Return text as HTML that shows exactly it."""
    return html.escape(text).replace("\0", "\ufffd")
