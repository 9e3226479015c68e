"""Markdown to safe HTML: markdown-it without raw HTML, Pygments for code, nh3 last.

The text comes from a model and is as hostile as its prompt. Links are https only, images become links.
"""

import html
from collections.abc import Iterator
from importlib import import_module
from time import thread_time
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from pygments import format as format_tokens
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Text
from pygments.util import ClassNotFound

# Colouring costs about a millisecond per kilobyte: longer listings stay plain.
HIGHLIGHT_CHARS = 40_000
# But hostile code takes most lexers time by the square of its length: the rest of a listing stays plain.
HIGHLIGHT_SECONDS = 0.05
# Those that were seen to spend little time on a single token, whatever the code, and call no other lexer that
# the code names. Others can spend minutes on two kilobytes.
LANGUAGES = {
    *("bash", "batch", "c", "clojure", "cmake", "cpp", "csharp", "css", "dart", "diff", "docker"),
    *("erlang", "go", "graphql", "groovy", "haskell", "html", "java", "javascript", "json"),
    *("jsx", "julia", "kotlin", "less", "lua", "make", "mysql", "nginx", "objective-c", "perl"),
    *("php", "postgresql", "powershell", "protobuf", "python", "ruby", "rust", "scala", "scss"),
    *("splus", "sql", "swift", "terraform", "tex", "toml", "tsx", "typescript", "xml", "yaml"),
}
LANGUAGE_CHARS = 30
HEADINGS_ABOVE = 1
# Some text takes time by the square of its length ("[[[[…"): a longer paragraph stays as it was written.
INLINE_CHARS = 5_000
# Short rows are filled up to the width of the table: six kilobytes could become 65,536 cells.
import_module("markdown_it.rules_block.table").MAX_AUTOCOMPLETED_CELLS = 1_000  # type: ignore[attr-defined]

FORMATTER = HtmlFormatter(nowrap=True)
TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"),
    *("strong", "em", "s", "a", "code", "pre", "span", "div", "button"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "title", "target"},
    "ol": {"start"},
    "button": {"type"},
    "pre": {"tabindex"},
}
CLASSES = {
    "div": {"code", "code-head", "table-scroll"},
    "span": {"code-language", *filter(None, STANDARD_TYPES.values())},
    "button": {"code-copy"},
    "th": {"align-left", "align-center", "align-right"},
    "td": {"align-left", "align-center", "align-right"},
}

# Made once: that takes longer than to clean the few lines that a live answer sends again and again.
CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    url_schemes={"https"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


def is_https(url: str) -> bool:
    """Tell whether a link may stay: https, nothing relative, nothing that runs."""
    return url.lower().startswith("https://")


def sanitize(markup: str) -> str:
    """Return only the elements, classes and links that our own rendering makes."""
    return CLEANER.clean(markup)


def code_block(code: str, language: str, *, coloured: bool = True) -> str:
    """Return a listing with its language and a copy button; colours are classes, never styles."""
    body = colour(code, language) if coloured else html.escape(code)
    label = html.escape(language[:LANGUAGE_CHARS])
    return (
        f'<div class="code"><div class="code-head"><span class="code-language">{label}</span>'
        '<button type="button" class="code-copy">Copy code</button></div>'
        f'<pre tabindex="0"><code>{body}</code></pre></div>'
    )


def colour(code: str, language: str) -> str:
    """Return escaped code, with classes where the language is one of ours and the listing not too long."""
    if not language or len(code) > HIGHLIGHT_CHARS:
        return html.escape(code)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return html.escape(code)
    if lexer.aliases[0] not in LANGUAGES:
        return html.escape(code)
    return str(format_tokens(tokens_in_time(lexer, code), FORMATTER))


def tokens_in_time(lexer: Lexer, code: str) -> Iterator[tuple[Any, str]]:
    """Yield the code's tokens, and as one plain token what is left after `HIGHLIGHT_SECONDS`."""
    ends_at = thread_time() + HIGHLIGHT_SECONDS
    for start, kind, text in lexer.get_tokens_unprocessed(code):
        yield kind, text
        if thread_time() > ends_at:
            yield Text, code[start + len(text) :]
            return


def parse_inline(state: StateCore) -> None:
    """Parse what stands within blocks, as markdown-it's own rule does, but for what is too long."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if len(token.content) <= INLINE_CHARS:
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        else:
            token.children.append(Token("text", "", 0, content=token.content))


def make_parser(*, coloured: bool) -> MarkdownIt:
    """Return a parser whose renderer makes our listings and scrolling tables."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    parser.core.ruler.at("inline", parse_inline)
    parser.validateLink = is_https  # type: ignore[method-assign]  # markdown-it's documented way

    def fence(_self: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
        language = (tokens[index].info.split() or [""])[0]
        return code_block(tokens[index].content, language, coloured=coloured)

    def cell(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
        # markdown-it aligns by inline style, which a strict CSP forbids.
        style = str(tokens[index].attrs.pop("style", ""))
        if style.startswith("text-align:"):
            tokens[index].attrs["class"] = "align-" + style.removeprefix("text-align:")
        return str(self.renderToken(tokens, index, options, env))

    def heading(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
        # The page's title is the only one of the first level; models begin with the first or the second.
        tokens[index].tag = f"h{min(6, int(tokens[index].tag[1]) + HEADINGS_ABOVE)}"
        return str(self.renderToken(tokens, index, options, env))

    parser.add_render_rule("heading_open", heading)
    parser.add_render_rule("heading_close", heading)
    parser.add_render_rule("fence", fence)
    parser.add_render_rule("code_block", fence)
    parser.add_render_rule("th_open", cell)
    parser.add_render_rule("td_open", cell)
    parser.add_render_rule("table_open", lambda *_: '<div class="table-scroll"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


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


def render(text: str, env: dict[str, Any] | None = None) -> str:
    """Return the whole text as safe HTML. `env` carries link definitions from block to block."""
    return sanitize(PARSER.render(text, env if env is not None else {}))


def render_quickly(text: str, env: dict[str, Any] | None = None) -> str:
    """Return the same without colours, for a block that still grows."""
    return sanitize(QUICK_PARSER.render(text, env if env is not None else {}))
