"""The last wall before a page: only elements, classes and links that our rendering makes."""

import nh3
from pygments.token import STANDARD_TYPES

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"),
    *("strong", "em", "s", "a", "code", "pre", "span", "div", "button", "input", "sup"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
DIRECTED = ("p", "h2", "h3", "h4", "h5", "h6", "blockquote", "li", "th", "td")
ATTRIBUTES = {
    **{tag: {"dir"} for tag in DIRECTED},
    "a": {"href", "title", "target"},
    "ol": {"start"},
    "button": {"type"},
    "pre": {"tabindex", "dir"},
    "input": {"checked", "aria-label"},
}
CLASSES = {
    "div": {"code", "code-head", "table-scroll", "footnote", "footnotes"},
    "sup": {"footnote-ref"},
    "span": {
        "code-language",
        "footnote-mark",
        "footnote-back",
        "footnote-label",
        *filter(None, STANDARD_TYPES.values()),
    },
    "button": {"code-copy"},
    "li": {"task"},
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
    # A box of a task list can be looked at: no field can be smuggled in.
    set_tag_attribute_values={"a": {"target": "_blank"}, "input": {"type": "checkbox", "disabled": ""}},
)


def is_https(url: str) -> bool:
    """Tell whether a link may stay: https, nothing relative, nothing that runs."""
    return url.lower().startswith("https://")


def sanitize(markup: str) -> str:
    """Return only the elements, classes and links that our own rendering makes."""
    return CLEANER.clean(markup)
