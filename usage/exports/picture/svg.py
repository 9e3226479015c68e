"""The few elements of SVG that our pictures are made of. Text is escaped; there is no image and no link."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

# What XML 1.0 knows no sign for.
NO_SIGNS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

type Attribute = str | float


def element(name: str, *content: str, **attributes: Attribute) -> str:
    """An element with its content, which is SVG already; `stroke_width` is its attribute `stroke-width`."""
    told = "".join(
        f" {key.rstrip('_').replace('_', '-')}={_value(value)}" for key, value in attributes.items()
    )
    return f"<{name}{told}>{''.join(content)}</{name}>" if content else f"<{name}{told}/>"


def text(words: str, x: float, y: float, **attributes: Attribute) -> str:
    """A line of text at a place."""
    return element("text", escaped(words), x=x, y=y, **attributes)


def escaped(words: str) -> str:
    """A text as it may stand within an element."""
    return escape(clean(words))


def path(pieces: Iterable[str], **attributes: Attribute) -> str:
    """One path of many pieces; nothing where there is none."""
    drawn = "".join(pieces)
    return element("path", d=drawn, **attributes) if drawn else ""


def box(left: float, top: float, width: float, height: float) -> str:
    """A rectangle as a piece of a path."""
    return f"M{n(left)} {n(top)}h{n(width)}v{n(height)}h{n(-width)}z"


def clean(words: str) -> str:
    """The text without signs that no SVG may hold."""
    return NO_SIGNS.sub("\N{REPLACEMENT CHARACTER}", words)


def n(number: float) -> str:
    """A number as short as it can be told."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _value(value: Attribute) -> str:
    return quoteattr(clean(value)) if isinstance(value, str) else f'"{n(value)}"'
