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
# What may close a listing, after the line ends before it.
LISTING_END = re.compile(r"\n[ \t\n]*(?:`+|~+)?[ \t]*\Z")
LINE_ENDS = re.compile(r"\n[ \t\n]*\Z")
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
        found = LISTING_END.search(near)
        return offset + found.start() if found else len(text)
    start = near.rfind("\n") + 1
    line = near[start:]
    if (start or (begins_line and not offset)) and is_marks(line):
        before = LINE_ENDS.search(near[:start])
        return offset + (before.start() if before else 0)
    ending = ENDING.search(line)
    return offset + start + ending.start() if ending else len(text)
