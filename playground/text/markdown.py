"""Markdown to safe HTML: markdown-it without raw HTML, Pygments for code, nh3 last.

The text comes from a model and is as hostile as its prompt. Links are https only, images become links.
"""

from importlib import import_module
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from playground.text import footnotes, formulas, task_lists
from playground.text.directions import set_directions
from playground.text.listings import code_block
from playground.text.sanitizer import is_https, sanitize

HEADINGS_ABOVE = 1
# Some text takes time by the square of its length ("[[[[…"): a longer paragraph stays as it was written.
INLINE_CHARS = 5_000
# Short rows are filled up to the width of the table: six kilobytes could become 65,536 cells.
import_module("markdown_it.rules_block.table").MAX_AUTOCOMPLETED_CELLS = 1_000  # type: ignore[attr-defined]


def parse_inline(state: StateCore) -> None:
    """Parse what stands within blocks, as markdown-it's own rule does, but for what is too long."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if len(token.content) <= INLINE_CHARS:
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        else:
            push_plain(token)


def push_plain(token: Token) -> None:
    """Take a text as it was written, with its line ends."""
    children = token.children = []
    for number, line in enumerate(token.content.split("\n")):
        if number:
            children.append(Token("softbreak", "br", 0))
        children.append(Token("text", "", 0, content=line))


def make_parser(*, coloured: bool) -> MarkdownIt:
    """Return a parser whose renderer makes our listings and scrolling tables.

    A line's end is a line break: that is how models write poems and addresses.
    """
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable(["table", "strikethrough"]).disable("image")
    parser.core.ruler.at("inline", parse_inline)
    footnotes.add_to(parser)
    parser.core.ruler.push("directions", set_directions)
    formulas.add_to(parser)
    task_lists.add_to(parser)
    parser.validateLink = is_https  # type: ignore[method-assign]  # markdown-it's documented way
    _render(parser, coloured=coloured)
    return parser


def _render(parser: MarkdownIt, *, coloured: bool) -> None:
    def fence(_self: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
        language = (tokens[index].info.split() or [""])[0]
        return code_block(tokens[index].content, language, coloured=coloured)

    rules = {"heading_open": _heading, "heading_close": _heading, "th_open": _cell, "td_open": _cell}
    for name, rule in (rules | {"fence": fence, "code_block": fence}).items():
        parser.add_render_rule(name, rule)
    parser.add_render_rule("table_open", lambda *_: '<div class="table-scroll"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")


def _cell(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    # markdown-it aligns by inline style, which a strict CSP forbids.
    style = str(tokens[index].attrs.pop("style", ""))
    if style.startswith("text-align:"):
        tokens[index].attrs["class"] = "align-" + style.removeprefix("text-align:")
    return str(self.renderToken(tokens, index, options, env))


def _heading(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    # The page's title is the only one of the first level; models begin with the first or the second.
    tokens[index].tag = f"h{min(6, int(tokens[index].tag[1]) + HEADINGS_ABOVE)}"
    return str(self.renderToken(tokens, index, options, env))


PARSER = make_parser(coloured=True)
QUICK_PARSER = make_parser(coloured=False)


def normalize(text: str) -> str:
    """Return text whose lines end with LF alone, as the parser counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def block_starts(text: str) -> list[int]:
    """Return the number of the first line (from 0) of each block of the text's outermost level."""
    tokens: list[Token] = []
    PARSER.block.parse(text.replace("\0", "\ufffd"), PARSER, {}, tokens)
    return [token.map[0] for token in tokens if token.level == 0 and token.map and token.nesting >= 0]


def render(text: str, env: dict[str, Any] | None = None, prefix: str = "") -> str:
    """Return the whole text as safe HTML. `env` carries link definitions from block to block.

    `prefix` begins the names of the places that footnotes lead to: it tells answers of one page apart.
    """
    if not text:  # every run begins like this
        return ""
    env = env if env is not None else {}
    markup = sanitize(PARSER.render(text, env))
    return footnotes.link(markup, prefix) if footnotes.NOTES in env else markup


def render_quickly(text: str, env: dict[str, Any] | None = None) -> str:
    """Return the same without colours, for a block that still grows."""
    return sanitize(QUICK_PARSER.render(text, env if env is not None else {}))
