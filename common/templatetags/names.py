"""Names that others chose, where no `<bdi>` can stand: in attributes, titles and charts."""

import re
from unicodedata import bidirectional

from django import template

register = template.Library()

BEGIN, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
# Embeddings, overrides and isolates, and what ends them: they turn the direction of all that follows.
CONTROLS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
RIGHT_TO_LEFT = {"R", "AL", "AN"}
CONTROL = f"[{''.join(map(chr, CONTROLS))}]"
# What stays within itself already: several names in one text, each isolated.
ISOLATE = re.compile(f"{BEGIN}[^{CONTROL[1:]}*{END}")


@register.filter
def isolated(name: object) -> str:
    """The name as plain text that cannot turn round the words beside it."""
    text = str(name)
    beside = ISOLATE.sub("", text)
    if re.search(CONTROL, beside):
        text = beside = without_controls(text)
    return f"{BEGIN}{text}{END}" if RIGHT_TO_LEFT & set(map(bidirectional, beside)) else text


@register.filter
def unstopped(sentence: str) -> str:
    """A sentence of others that stands within one of ours: without its full stop."""
    return sentence.removesuffix(".")


def without_controls(text: str) -> str:
    """Return the text without the signs that would turn the direction of what stands behind it."""
    return text.translate(CONTROLS)
