"""Task lists: `- [x] done` is an item with a box that is ticked, and that nobody can press."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

BOX = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
ITEM = ("list_item_open", "paragraph_open", "inline")


def add_to(parser: MarkdownIt) -> None:
    """Teach a parser task lists."""
    parser.core.ruler.before("inline", "take_boxes", take_boxes)
    parser.core.ruler.after("inline", "put_boxes", put_boxes)
    parser.add_render_rule("task_box", lambda _self, tokens, index, *_: box(bool(tokens[index].meta["done"])))


def take_boxes(state: StateCore) -> None:
    """Take the marks off the items' texts before those are parsed: `[x]` could be a link there."""
    for item, paragraph, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if (item.type, paragraph.type, inline.type) != ITEM:
            continue
        if mark := BOX.match(inline.content):
            item.attrs["class"] = "task"
            inline.content = inline.content[mark.end() :]
            inline.meta["done"] = mark[1] != " "


def put_boxes(state: StateCore) -> None:
    """Put a box in front of what was parsed."""
    for token in state.tokens:
        if token.type == "inline" and "done" in token.meta and token.children is not None:
            token.children.insert(0, Token("task_box", "input", 0, meta=token.meta))


def box(is_done: bool) -> str:
    """Return a box that says its state to who cannot see it."""
    state = ' checked="" aria-label="Done"' if is_done else ' aria-label="To do"'
    return f'<input type="checkbox" disabled=""{state}> '
