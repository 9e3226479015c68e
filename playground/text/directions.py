"""Which way text runs: each block finds it from its own first letter (HTML, `dir=auto`)."""

from markdown_it.rules_core import StateCore

# An item or a quotation runs as its first paragraph does: its mark stands where that begins. That paragraph
# has no direction of its own, for a parent that looks for one passes over those that have.
CONTAINERS = {"list_item_open", "blockquote_open"}
BLOCKS = {"paragraph_open", "heading_open", "th_open", "td_open", *CONTAINERS}


def set_directions(state: StateCore) -> None:
    """Let each block of text find its direction."""
    before = ""
    for token in state.tokens:
        if token.type in BLOCKS and not (token.type == "paragraph_open" and before in CONTAINERS):
            token.attrs["dir"] = "auto"
        before = token.type
