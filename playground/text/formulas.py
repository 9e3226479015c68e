r"""Formulas stay as they were written: `\(a_1\)`, `\[ … \]`, `$$ … $$`.

Nothing draws them. But Markdown would take their backslashes and read `_` and `*` in them as emphasis, which
leaves nothing to read, or to copy into something that does draw them.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

CLOSINGS = {r"\(": r"\)", r"\[": r"\]", "$$": "$$"}
BRACKETS = {r"\(", r"\)", r"\[", r"\]"}
# Two dollars can be a price: they are a formula where something in between looks like one.
LIKE_FORMULA = re.compile(r"\\[a-zA-Z{},;!\\]|[_^]")
# So begins a line that the lines after it belong to, until the formula ends.
DISPLAY = re.compile(r"(\\\[|\$\$[ \t]*$)")


def add_to(parser: MarkdownIt) -> None:
    """Teach a parser formulas: within a line, and over several."""
    parser.inline.ruler.before("escape", "formula", inline_formula)
    alternatives = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("table", "formula", display_formula, {"alt": alternatives})


def inline_formula(state: StateInline, silent: bool) -> bool:
    """Take a formula, or one of its brackets that has no other, as the text that it is."""
    opening = state.src[state.pos : state.pos + 2]
    if opening not in CLOSINGS and opening not in BRACKETS:
        return False
    end = formula_end(state.src, state.pos, state.posMax)
    if end is None and opening not in BRACKETS:
        return False
    end = end or state.pos + 2
    if not silent:
        push_lines(state, state.src[state.pos : end])
    state.pos = end
    return True


def formula_end(text: str, start: int, limit: int) -> int | None:
    """Return where the formula that opens at `start` is over, or None where it is not closed."""
    closing = CLOSINGS.get(text[start : start + 2])
    at = text.find(closing, start + 2, limit) if closing else -1
    if at < 0 or (closing == "$$" and not LIKE_FORMULA.search(text, start + 2, at)):
        return None
    return at + 2


def push_lines(state: StateInline, text: str) -> None:
    """Add text as it is, with its line ends."""
    for number, line in enumerate(text.split("\n")):
        if number:
            state.push("softbreak", "br", 0)
        state.pending += line.strip(" \t")


def display_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""Take the lines from `\[` or `$$` to its end, or to an empty line, as one paragraph.

    Otherwise a line in it that begins with `+` or `=` would begin a list or make a heading. It is decided by
    the first line alone, so that a formula that still grows is one already.
    """
    if state.is_code_block(start):
        return False
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    opening = DISPLAY.match(line)
    closing = CLOSINGS[line[:2]] if opening else ""
    if not opening or closing in line[2:]:
        return False
    if silent:
        return True
    after = line_after(state, start, end, closing)
    content = state.getLines(start, after, state.blkIndent, False).strip()
    state.push("paragraph_open", "p", 1).map = [start, after]
    inline = state.push("inline", "", 0)
    inline.map, inline.content, inline.children = [start, after], content, []
    state.push("paragraph_close", "p", -1)
    state.line = after
    return True


def line_after(state: StateBlock, start: int, end: int, closing: str) -> int:
    """Return the number of the first line that the formula does not hold."""
    for number in range(start + 1, end):
        if state.isEmpty(number) or state.sCount[number] < state.blkIndent:
            return number
        if closing in state.src[state.bMarks[number] : state.eMarks[number]]:
            return number + 1
    return end
