"""An answer that grows, as it was written: the same calls as of growing Markdown, and nothing to decide."""

from playground.text.live_markdown import Change, escape
from playground.text.markdown import normalize

# Says that more comes, and that the page has what was sent.
MARK = '<span class="live"></span>'


class PlainText:
    """One answer as one page sees it grow that shows it plain."""

    def __init__(self) -> None:
        self._carriage_return = ""
        self._has_mark = False

    def is_quick(self, text: str, *, is_end: bool) -> bool:
        """Tell that `feed` takes no time."""
        return True

    def feed(self, text: str, now: float) -> Change:
        """Take new text and return what changes on the page; a line end that is cut in two stays one."""
        text = self._carriage_return + text
        self._carriage_return = "\r" if text.endswith("\r") else ""
        tail = None if self._has_mark else MARK
        self._has_mark = True
        return Change(closed=escape(normalize(text.removesuffix("\r"))), tail=tail)

    def refresh(self, now: float) -> Change | None:
        """Return nothing: all text is in form."""
        return None

    def next_refresh_at(self) -> float | None:
        """Tell that `refresh` never has anything to say."""
        return None

    def resume(self, now: float) -> Change:
        """Return nothing new, for a page that has all text so far."""
        return Change(tail=MARK)

    def finish(self) -> Change:
        """Say that no more comes."""
        return Change(closed=normalize(self._carriage_return), tail="")
