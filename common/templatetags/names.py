"""Names that others chose, where no `<bdi>` can stand: in attributes, titles and charts."""

from unicodedata import bidirectional

from django import template

register = template.Library()

BEGIN, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
RIGHT_TO_LEFT = {"R", "AL", "AN"}


@register.filter
def isolated(name: object) -> str:
    """The name as plain text that cannot turn round the words beside it."""
    text = str(name)
    classes = set(map(bidirectional, text))
    if classes & CONTROLS:
        text = "".join(sign for sign in text if bidirectional(sign) not in CONTROLS)
    return f"{BEGIN}{text}{END}" if classes & RIGHT_TO_LEFT else text
