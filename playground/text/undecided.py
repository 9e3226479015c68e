"""What at the end of growing Markdown cannot be told yet, and is better shown a moment later.

A hyphen may begin an item, a rule, or make the line before it a heading; a line end may end a paragraph or
the answer. A page that showed each guess would jump: it waits for the few characters that decide.
"""

import re

# A line so far that has only marks, a number, or the box of a task.
MARKS = re.compile(r"[-+*=#>|:_~`\[\] \t]*(?:\d{1,9}[.)]?[ \t]*)?(?:\[[xX ]?\]?[ \t]*)?\Z")
# A line so far that opens a listing: all of it is the name of a language.
OPENS_LISTING = re.compile(r"[-+*>\d.) \t]*(?:`{3,}[^`]*|~{3,}.*)\Z")
# The end of a line that may be an escape, or the address of a link.
ENDING = re.compile(r"(?:\\|\](?:\([^()\s]*)?)\Z")
# What is longer is shown whatever it becomes.
LONGEST_LINE, LONGEST_ENDING = 80, 2_000


def is_marks(line: str) -> bool:
    """Tell whether a line has nothing that could be read yet, or opens a listing."""
    return len(line) <= LONGEST_LINE and bool(MARKS.match(line) or OPENS_LISTING.match(line))


def undecided_from(text: str, *, begins_line: bool, is_listing: bool) -> int:
    """Return where the end begins that is to wait; the text's length where nothing waits.

    `begins_line` says whether the text begins a line, `is_listing` whether it is code.
    """
    near = text[-LONGEST_ENDING:]
    offset = len(text) - len(near)
    if is_listing:
        found = line_ends(near[: without_fence(near)])
        return len(text) if found is None else offset + found
    start = near.rfind("\n") + 1
    line = near[start:]
    if (start or (begins_line and not offset)) and is_marks(line):
        return offset + (line_ends(near[:start]) or 0)
    ending = ENDING.search(line)
    return offset + start + ending.start() if ending else len(text)


def line_ends(text: str) -> int | None:
    """Return where the first of the line ends stands with which a text ends; None where it has no such end.

    Not by an expression: from each of a thousand empty lines it would look to the end.
    """
    at = text.find("\n", len(text.rstrip(" \t\n")))
    return None if at < 0 else at


def without_fence(text: str) -> int:
    """Return where the marks begin with which a text ends, which may close a listing; its length without."""
    before = text.rstrip(" \t")
    mark = before[-1:]
    return len(before.rstrip(mark)) if mark and mark in "`~" else len(text)
