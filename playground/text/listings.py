"""Listings: code with its language, a copy button, and colours where they cost little."""

import html
from collections.abc import Iterator
from time import thread_time
from typing import Any

from pygments import format as format_tokens
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Text
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
FORMATTER = HtmlFormatter(nowrap=True)


def code_block(code: str, language: str, *, coloured: bool = True) -> str:
    """Return a listing with its language and a copy button; colours are classes, never styles.

    Code runs from left to right, whatever stands around it; a listing without a language may be a letter.
    """
    body = colour(code, language) if coloured else html.escape(code)
    label = html.escape(language[:LANGUAGE_CHARS])
    direction = "ltr" if language else "auto"
    return (
        f'<div class="code"><div class="code-head"><span class="code-language">{label}</span>'
        '<button type="button" class="code-copy">Copy code</button></div>'
        f'<pre tabindex="0" dir="{direction}"><code>{body}</code></pre></div>'
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
