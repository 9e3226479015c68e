"""Nothing that a model writes becomes markup of its own, however it is mixed and cut."""

from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.text.live_markdown import LiveMarkdown
from playground.text.markdown import render
from playground.text.sanitizer import CLASSES, TAGS

PIECES = [
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "</code>",
        "<!--",
    ),
    *('"', "'", ">", "<", "&lt;", "&#106;avascript:", "javascript:alert(1)", "data:text/html,", "//evil.com"),
    *(
        "[a](",
        "[b]: ",
        ")",
        "](",
        "<https://a.b",
        "https://a.b",
        '"onclick="x',
        " onfocus=x ",
        "style=x",
        "![i](",
    ),
    *(
        "\n",
        "\n\n",
        "- [x] ",
        "- [ ] ",
        "```",
        "```js ",
        "~~~",
        "`",
        "|",
        "|--|\n",
        "**",
        "\\",
        "# ",
        "> ",
        "    ",
    ),
    *(
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "$$",
        "\x00",
        "\u2e52",
        "\ue000",
        "<input type=text name=x>",
        "<bdi>",
        "dir=rtl",
    ),
    *("</span>", '<span class="live" id="live-x">', "<hx-partial hx-target=body>", "<template>", "word"),
]
MIXED = st.lists(st.sampled_from(PIECES), max_size=25)
ALLOWED = {
    "a": {"href", "title", "target", "rel"},
    "button": {"type", "class"},
    "input": {"type", "disabled", "checked", "aria-label"},
    "ol": {"start"},
    "pre": {"tabindex", "dir"},
    "span": {"class", "dir", "id"},
}


class Wall(HTMLParser):
    """Refuses what our rendering never makes."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        values = dict(attrs)
        assert tag in TAGS, tag
        assert len(values) == len(attrs)
        assert set(values) <= ALLOWED.get(tag, {"class", "dir"}), attrs
        assert values.get("class") in {None, "live"} or set(str(values["class"]).split()) <= CLASSES[tag]
        assert values.get("id") in {None, "live"}
        assert values.get("dir") in {None, "auto", "ltr"}
        assert str(values.get("href", "https://")).lower().startswith("https://")
        assert tag != "input" or (values["type"], "disabled" in values) == ("checkbox", True)

    def handle_comment(self, data: str) -> None:
        """Refuse a comment."""
        raise AssertionError(data)


def look_at(markup: str) -> None:
    wall = Wall()
    wall.feed(markup)
    wall.close()


@settings(max_examples=500, deadline=None)
@given(MIXED)
def test_an_answer_has_only_our_own_elements(pieces: list[str]) -> None:
    look_at(render("".join(pieces)))


@settings(max_examples=300, deadline=None)
@given(MIXED, st.sampled_from([0.01, 0.3]))
def test_an_answer_that_grows_has_only_our_own_elements(pieces: list[str], pause: float) -> None:
    live = LiveMarkdown("live")
    for number, piece in enumerate(pieces):
        change = live.feed(piece, number * pause)
        assert "<" not in change.appended
        look_at(change.closed + (change.tail or ""))
    last = live.finish()
    look_at((last.answer or "") + last.closed)
