"""JSON laid out for people to read: every name, text and number stays as it was written."""

import re

PARTS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
OPENING, CLOSING = {"{", "["}, {"}", "]"}
INDENT = "  "


def lay_out(text: str) -> str:
    """Return JSON with a line for each value: only the space between its parts is another."""
    laid_out: list[str] = []
    depth, before = 0, ""
    for part in PARTS.findall(text):
        depth -= part in CLOSING
        if begins_line(before, part):
            laid_out.append(f"\n{INDENT * depth}")
        laid_out.append(": " if part == ":" else part)
        depth += part in OPENING
        before = part
    return "".join(laid_out)


def begins_line(before: str, part: str) -> bool:
    """Tell whether a line ends between two parts; what is empty stays together."""
    if part in CLOSING:
        return before not in OPENING
    return before == "," or before in OPENING
