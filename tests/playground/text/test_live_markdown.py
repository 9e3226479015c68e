"""An answer that grows ends up as the whole one, and its last token costs as much as its first."""

import html
import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.text.live_markdown import APPEND_POINT, REFRESH_SECONDS, TAIL_CHARS, Change, LiveMarkdown
from playground.text.markdown import normalize, render
from playground.text.sanitizer import sanitize
from tests.playground.text.shapes import SHAPES

PIECES = [
    *(
        "Hello **world**",
        "\n",
        "\n\n",
        "- item",
        "\n- ",
        "1. one",
        "\n1. ",
        "   ",
        "    code",
        "```",
        "```py",
    ),
    *(
        "~~~",
        "> quote",
        "# head",
        "===",
        "---",
        "a | b",
        "|--|--|",
        "[x]: https://a.b",
        "[x]",
        "*em",
        "*",
        "`",
    ),
    *("\t", "* * *", "<b>", "\r\n", "\r", "text ", "\x00", APPEND_POINT, "\u2028", "[y](https://q.r)"),
    *("- [x] ", "- [ ", r"\(a_1", r"\)", "\\[\n", r"\]", "$$", "$$\n", "\n= ", "````", "\\", "   ```"),
    *("[^1]", "[^1]: ", "[^a]: note", "\n[^a]", "\n[^1]: "),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def played(text: str, sizes: list[int], pause: float) -> tuple[str, str]:
    """Return finished blocks and tail, as a page has them after the whole text came in pieces."""
    live, position, now, closed = LiveMarkdown("live"), 0, 0.0, ""
    while position < len(text):
        size = sizes[position % len(sizes)]
        closed += live.feed(text[position : position + size], now).closed
        position, now = position + size, now + pause
    last = live.finish()
    return (closed + last.closed if last.answer is None else last.answer), last.tail or ""


@settings(max_examples=500, deadline=None)
@given(TEXTS, st.lists(st.integers(1, 9), min_size=1, max_size=5), st.sampled_from([0.0, 0.05, 0.3]))
def test_what_grew_equals_the_whole(text: str, sizes: list[int], pause: float) -> None:
    assert played(text, sizes, pause) == (render(normalize(text)), "")


def test_the_first_piece_shows_at_once() -> None:
    assert (
        LiveMarkdown("live").feed("Hel", 0.0).tail
        == '<p dir="auto">Hel<span class="live" id="live"></span></p>\n'
    )


def test_text_is_appended_where_it_belongs_until_its_form_is_due() -> None:
    live = LiveMarkdown("live")
    live.feed("A **bo", 0.0)
    assert live.feed("ld** <word>", 0.01) == Change(appended="ld** &lt;word&gt;")
    assert live.refresh(0.02) is None
    assert live.next_refresh_at() == REFRESH_SECONDS
    refreshed = live.refresh(REFRESH_SECONDS)
    assert refreshed
    assert "<strong>bold</strong> &lt;word&gt;" in (refreshed.tail or "")
    assert live.next_refresh_at() is None


def test_a_listing_is_never_rendered_twice_while_it_grows() -> None:
    live = LiveMarkdown("live")
    live.feed("```python\n", 0.0)
    changes = [live.feed(f"line {number}\n", float(number)) for number in range(1, 2_000)]
    assert all(change.tail is None and not change.closed for change in changes)


def test_a_last_block_that_grows_too_long_is_only_appended_to() -> None:
    live = LiveMarkdown("live")
    live.feed("word " * (TAIL_CHARS // 5 + 1), 0.0)
    assert live.feed("more ", 10.0) == Change(appended="more ")
    assert live.next_refresh_at() is None


def test_finished_blocks_are_sent_once() -> None:
    live = LiveMarkdown("live")
    first = live.feed("One.\n\nTwo.\n\nThr", 0.0)
    assert first.closed == '<p dir="auto">One.</p>\n'
    assert "One." not in live.feed("ee.\n\nFour.\n\n", 1.0).closed


def test_a_token_costs_as_many_bytes_at_the_end_as_at_the_beginning() -> None:
    live, now, sent = LiveMarkdown("live"), 0.0, []
    for number in range(20_000):
        change = live.feed("\n\n" if number % 40 == 39 else "word ", now)
        sent.append(sum(len(part or "") for part in change))
        now += 0.02
    assert sum(sent[-1000:]) <= 1.1 * sum(sent[:1000])


def test_a_page_that_comes_back_gets_its_last_block_whole() -> None:
    live = LiveMarkdown("live")
    live.feed("One.\n\nTwo\n*th", 0.0)
    assert live.resume(0.0) == Change(
        tail='<p dir="auto">Two<br>\n*th<span class="live" id="live"></span></p>\n'
    )


class Page:
    """A page that shows one answer, as the script on it would change it."""

    def __init__(self) -> None:
        self.live = LiveMarkdown("live")
        self.before, self.appended, self.after = "", "", ""

    def take(self, change: Change | None) -> None:
        """Do what a change says to the tail."""
        if change and change.tail is not None:
            self.before, _, rest = change.tail.partition('<span class="live" id="live">')
            self.appended, _, self.after = rest.partition("</span>")
        if change:
            self.appended += change.appended

    @property
    def whole(self) -> str:
        """The tail, markup and all."""
        return self.before + self.appended + self.after

    @property
    def shown(self) -> str:
        """The tail as it looks: spaces at the end of a line take no room."""
        return re.sub(r" +(?=</)", "", sanitize(self.whole))


WORDS = [*PIECES, *"aB12.)- +=:!é語…|", "  ", "- a", "_x"]


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=20), st.sampled_from([0.05, 0.11, 0.3]))
@example(["$$", "Hello **world**", "\\(a_1", "$$"], 0.11)
@example([*["Hello **world**"] * 7, "\n1. ", "- [x] ", "   "], 0.05)
def test_what_is_not_in_form_is_known_to_be_stale(pieces: list[str], pause: float) -> None:
    """Where a page is not to be refreshed, refreshing it would change nothing that anybody sees."""
    page = Page()
    for number, piece in enumerate(pieces):
        page.take(page.live.feed(piece, number * pause))
        if page.live.next_refresh_at() is None and page.live._refreshes():
            shown = page.shown
            page.take(page.live.resume(number * pause))
            assert shown == page.shown


def test_plain_words_need_no_refresh() -> None:
    page = Page()
    page.take(page.live.feed("**Note**: it", 0.0))
    for number, word in enumerate([" rained", ", well-known", " as 3.5 mm", " are.", " It's é"]):
        change = page.live.feed(word, 1.0 + number)
        assert change == Change(appended=html.escape(word))
    assert page.live.next_refresh_at() is None


def rows(markup: str) -> int:
    """How many lines of text a page has at least, whatever its width."""
    return sum(markup.count(mark) for mark in ("<p", "<h", "<li", "<br", "<tr", '<div class="code"')) + sum(
        code.rstrip("\n").count("\n") for code in re.findall("<code>(.*?)</code>", markup, re.DOTALL)
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("pause", [0.03, 0.3])
def test_a_page_never_has_fewer_lines_than_before(shape: str, pause: float) -> None:
    page, closed, before = Page(), "", 0
    for number, sign in enumerate(SHAPES[shape]):
        change = page.live.feed(sign, number * pause)
        closed += change.closed
        page.take(change)
        now = rows(closed + page.whole)
        assert now >= before, closed + page.whole
        before = now
    closed += page.live.finish().closed
    assert rows(closed) >= before
    assert closed == render(SHAPES[shape])


@pytest.mark.parametrize(
    "guess", ["Text\n", "Text\n-", "Text\n=", "Text\n\n", "Text\n#", "Text\n1.", "Text\n``"]
)
def test_what_nobody_can_tell_yet_is_not_shown(guess: str) -> None:
    live = LiveMarkdown("live")
    live.feed("Text", 0.0)
    assert live.feed(guess.removeprefix("Text"), 9.0) == Change()


def test_a_new_line_has_its_form_at_once() -> None:
    live = LiveMarkdown("live")
    live.feed("- one", 0.0)
    assert live.feed("\n-", 0.02) == Change()
    assert (live.feed(" two", 0.04).tail or "").count("<li") == 2


def test_a_new_line_of_a_long_block_waits_until_that_has_rested() -> None:
    live, lines = LiveMarkdown("live"), 300
    live.feed("- one\n" * lines, 0.0)
    assert live.feed("- two", 0.01).tail is None
    due = live.next_refresh_at() or 0.0
    assert 0.03 < due < REFRESH_SECONDS
    refreshed = live.refresh(due)
    assert refreshed
    assert (refreshed.tail or "").count("<li") == lines + 1


def test_emphasis_that_ends_is_seen_at_once() -> None:
    assert "<strong>Note:</strong>" in (LiveMarkdown("live").feed("**Note:**", 0.0).tail or "")


@pytest.mark.parametrize("opening", ["- ```py\n  a = 1\n", "1. Do\n   ```sh\n   make\n", "> ```\n> a\n"])
def test_a_listing_in_a_list_shows_as_one_while_it_grows(opening: str) -> None:
    live = LiveMarkdown("live")
    live.feed(opening, 0.0)
    shown = live.feed(opening.splitlines()[-1] + "\n", 1.0).tail or ""
    assert shown.count('<div class="code">') == 1
    assert "`" not in shown


def test_text_after_a_listing_in_a_list_is_closed_as_it_comes() -> None:
    live = LiveMarkdown("live")
    live.feed("- ```py\n  a\n  ```\n\nOne.\n\nTwo.\n\nThree", 0.0)
    assert '<p dir="auto">Four.</p>' in live.feed("\n\nFour.\n\nFive.\n", 1.0).closed


def test_a_page_gets_nothing_where_nothing_changes() -> None:
    live = LiveMarkdown("live")
    live.feed("Text", 0.0)
    assert not any(live.feed("\n \n", 1.0))


def test_a_listing_is_closed_with_its_colours_as_soon_as_it_ends() -> None:
    live = LiveMarkdown("live")
    live.feed("```python\ndef f():\n", 0.0)
    ended = live.feed("    pass\n```\n", 0.01)
    assert '<span class="k">def</span>' in ended.closed
    assert ended.tail == ""
    assert "Text" in (live.feed("Text", 0.02).tail or "")


def test_a_long_list_is_in_form_again_whenever_it_has_grown_by_a_quarter() -> None:
    live, rendered, item = LiveMarkdown("live"), [], "- an **item** of a long list\n"
    for number in range(1, 2_000):
        change = live.feed(item, number * 0.3)
        if change.tail and number * len(item) > TAIL_CHARS:
            rendered.append(change.tail.count("<li"))
    assert 5 < len(rendered) < 20
    assert all(now >= 1.2 * then for then, now in pairwise(rendered))


def test_what_is_appended_to_a_long_list_stands_as_close_as_its_items() -> None:
    live = LiveMarkdown("live")
    live.feed("- item\n\n" * (TAIL_CHARS // 7), 0.0)
    assert live.feed("- one\n\n- two", 0.1).appended == "\n- one\n- two"
