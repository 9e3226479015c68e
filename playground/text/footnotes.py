"""Footnotes: `[^1]` in a text leads to what `[^1]: …` says, at the end of the answer, and back.

While an answer grows its notes stay where they were written: what a later line refers to is not known yet.
The page gets all of it anew at the end. Links within the page are put in after everything was sanitized, from
numbers alone: no text can make one.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

DEFINITION = re.compile(r"\[\^([^\s\[\]^]{1,40})\]:[ \t]*")
REFERENCE = re.compile(r"\[\^([^\s\[\]^]{1,40})\]")
# The lines of a note after its first one are indented by so much.
INDENT = 4
# The names under which an environment has the notes of a text, and whether that is a part of a growing one.
NOTES, IS_PART = "footnotes", "is_part"
PLACE = re.compile(
    r'<sup class="footnote-ref">(\d+):(\d+)</sup>'
    r'|<span class="footnote-mark">(\d+)</span>'
    r'|<span class="footnote-back">(\d+):(\d+)</span>'
)


@dataclass(slots=True)
class Notes:
    """The notes of a text, and how often each is referred to, in the order in which that begins."""

    counts: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)

    def refer(self, label: str) -> tuple[int, int]:
        """Count a reference; return the number of the note, and how often it was referred to."""
        self.counts[label] = self.counts.get(label, 0) + 1
        return self.number(label), self.counts[label]

    def number(self, label: str) -> int:
        """Return the number of a note, the next one where it has none yet."""
        return self.numbers.setdefault(label, len(self.numbers) + 1)


def add_to(parser: MarkdownIt) -> None:
    """Teach a parser footnotes."""
    alternatives = ["paragraph", "reference"]
    parser.block.ruler.before("reference", "footnote", define, {"alt": alternatives})
    parser.inline.ruler.before("link", "footnote", refer)
    parser.core.ruler.after("inline", "footnotes", move_to_end)
    for name, write in WRITTEN.items():
        parser.add_render_rule(name, lambda _self, tokens, index, *_, write=write: write(tokens[index]))


def notes_of(env: Any) -> Notes:
    """Return the notes of a text that is being parsed."""
    notes: Notes = env.setdefault(NOTES, Notes())
    return notes


def define(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a note with the lines that belong to it. One whose name is taken stays as it was written."""
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    found = DEFINITION.match(state.src[begin : state.eMarks[start]])
    notes = notes_of(state.env)
    if not found or found[1] in notes.defined:
        return False
    if silent:
        return True
    notes.defined.add(found[1])
    opening = state.push("footnote_open", "div", 1)
    opening.meta = {"label": found[1]}
    parse_within(state, start, end, begin + found.end())
    opening.map = [start, state.line]
    state.push("footnote_close", "div", -1)
    return True


def parse_within(state: StateBlock, start: int, end: int, begin: int) -> None:
    """Parse the blocks of a note, the first of which begins behind its name."""
    before = state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent, state.parentType
    state.blkIndent += INDENT
    state.bMarks[start], state.tShift[start], state.sCount[start] = begin, 0, state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, start, end)
    state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent, state.parentType = before


def refer(state: StateInline, silent: bool) -> bool:
    """Take a reference to a note that there is."""
    if state.env.get(IS_PART) or NOTES not in state.env or not state.src.startswith("[^", state.pos):
        return False
    found = REFERENCE.match(state.src, state.pos, state.posMax)
    notes = notes_of(state.env)
    if not found or found[1] not in notes.defined:
        return False
    if not silent:
        number, count = notes.refer(found[1])
        state.push("footnote_ref", "sup", 0).meta = {"number": number, "count": count}
    state.pos = found.end()
    return True


def move_to_end(state: StateCore) -> None:
    """Put the notes behind the text, in the order of their numbers, each with the ways back."""
    notes: Notes | None = state.env.get(NOTES)
    if state.env.get(IS_PART) or notes is None or not notes.defined:
        return
    text: list[Token] = []
    taken: dict[str, list[Token]] = {}
    inside: list[str] = []
    for token in state.tokens:
        if token.type == "footnote_open":
            inside.append(token.meta["label"])
            taken[inside[-1]] = []
        elif token.type == "footnote_close":
            inside.pop()
        else:
            (taken[inside[-1]] if inside else text).append(token)
    for label in taken:
        notes.number(label)  # those that nobody refers to come last
    order = sorted(taken, key=notes.number)
    items = [item(notes.number(label), notes.counts.get(label, 0), taken[label]) for label in order]
    ends = Token("footnotes_open", "div", 1), Token("footnotes_close", "div", -1)
    state.tokens = [*text, ends[0], *chain.from_iterable(items), ends[1]]


def item(number: int, count: int, blocks: Sequence[Token]) -> list[Token]:
    """Return one note as an item of the list of all; the ways back stand at the end of its last paragraph."""
    ways = [Token("footnote_back", "a", 0, meta={"number": number, "count": one + 1}) for one in range(count)]
    last = blocks[-2] if len(blocks) > 1 and blocks[-1].type == "paragraph_close" else None
    if last is not None and last.children is not None:
        last.children.extend(ways)
        ways = []
    opening = Token("footnote_item_open", "li", 1, meta={"number": number})
    return [opening, *blocks, *ways, Token("footnote_item_close", "li", -1)]


def link(markup: str, prefix: str) -> str:
    """Return sanitized markup with links between references and notes; `prefix` tells answers apart."""

    def place(found: re.Match[str]) -> str:
        number, count, mark, back, back_count = found.groups()
        if number:
            return (
                f'<sup class="footnote-ref" id="fnref-{prefix}-{number}-{count}">'
                f'<a href="#fn-{prefix}-{number}" aria-label="Footnote {number}">{number}</a></sup>'
            )
        if mark:
            return f'<span class="footnote-mark" id="fn-{prefix}-{mark}"></span>'
        to = f"fnref-{prefix}-{back}-{back_count}"
        return f' <a class="footnote-back" href="#{to}" aria-label="Back to the text">↩</a>'

    return PLACE.sub(place, markup)


WRITTEN = {
    "footnote_open": lambda token: (
        f'<div class="footnote"><span class="footnote-label">[{label_of(token)}]</span>\n'
    ),
    "footnote_close": lambda _: "</div>\n",
    "footnote_ref": lambda token: (
        f'<sup class="footnote-ref">{token.meta["number"]}:{token.meta["count"]}</sup>'
    ),
    "footnote_back": lambda token: (
        f'<span class="footnote-back">{token.meta["number"]}:{token.meta["count"]}</span>'
    ),
    "footnotes_open": lambda _: '<div class="footnotes"><ol>\n',
    "footnotes_close": lambda _: "</ol></div>\n",
    "footnote_item_open": lambda token: f'<li><span class="footnote-mark">{token.meta["number"]}</span>\n',
    "footnote_item_close": lambda _: "</li>\n",
}


def label_of(token: Token) -> str:
    """Return the name of a note, as text of a page."""
    return html.escape(token.meta["label"])
