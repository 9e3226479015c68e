"""Find the blocks of growing Markdown that no later line can change.

A block is finished when a whole line after it begins another one (CommonMark 0.31, "Phase 1: block
structure"). Cheap signs say when to ask the parser; the parser alone decides. Text is kept in pieces, so
that taking one costs the same however much there is.
"""

import re

from playground.text.markdown import block_starts

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
OPENING = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
# A block may end before such a line, or before any that follows an empty one.
BLOCK_START = re.compile(r" {0,3}(#{1,6}\s|`{3,}|~{3,}|>)")
# A search that found nothing is repeated when the tail has grown by this factor.
GROWTH = 1.5


class Blocks:
    """Takes text and gives back what is finished; `tail` is the rest."""

    def __init__(self) -> None:
        self.size = 0  # characters of the tail
        self.fence = ""  # what opened the listing that the tail is, or an empty text
        self._lines: list[str] = []  # whole lines of the tail, each with its LF
        self._line: list[str] = []  # pieces of the unfinished last line
        self._is_empty = True  # nothing stands in those lines
        self._is_whole = False  # they are a listing that nothing can change any more
        self._after_blank = False
        self._search_from = 0

    @property
    def tail(self) -> str:
        """The text of the last block, which may still change."""
        return "".join(self._lines) + "".join(self._line)

    def feed(self, text: str) -> str:
        """Take text (lines end with LF) and return the text of the blocks that are finished now."""
        self.size += len(text)
        head, newline, rest = text.rpartition("\n")
        if not newline:
            self._line.append(text)
            return ""
        lines = ("".join(self._line) + head).split("\n")
        self._line = [rest]
        finished, ended = "", False
        for line in lines:
            ended = self._take(line) or ended
            if self._is_whole:
                finished, ended = finished + self._take_lines(), False
        return finished + (self._cut() if ended and self.size >= self._search_from else "")

    def take_rest(self) -> str:
        """Return the tail and forget it: there is no more text."""
        tail = self.tail
        self._lines, self._line, self.size, self.fence = [], [], 0, ""
        return tail

    def _take(self, line: str) -> bool:
        """Follow listings and empty lines; tell whether a block may have ended before this line.

        A listing within a list is a part of that: only the parser knows where it ends.
        """
        is_first, self._is_empty = self._is_empty, self._is_empty and not line.strip()
        self._lines.append(line + "\n")
        if self.fence:
            if closes(line, self.fence):
                self.fence, self._is_whole = "", True
            return False
        after_blank, self._after_blank = self._after_blank, not line.strip()
        if is_first and (opening := OPENING.match(line)):
            self.fence = opening[1]
        return bool(line.strip()) and (after_blank or bool(BLOCK_START.match(line)))

    def _take_lines(self) -> str:
        finished = "".join(self._lines)
        self.size -= len(finished)
        self._lines, self._is_empty, self._is_whole = [], True, False
        self._after_blank, self._search_from = False, 0
        return finished

    def _cut(self) -> str:
        starts = block_starts("".join(self._lines))
        if len(starts) < 2:
            self._search_from = int(self.size * GROWTH)
            return ""
        self._lines, rest = self._lines[: starts[-1]], self._lines[starts[-1] :]
        finished = self._take_lines()
        for line in rest:
            self._take(line.removesuffix("\n"))
        return finished


def closes(line: str, fence: str) -> bool:
    """Tell whether a line closes a listing that `fence` opened: the same character, at least as often."""
    mark = FENCE.match(line)
    return bool(mark and mark[1].startswith(fence) and line.strip() == mark[1])
