"""An answer that grows, shown as it was written."""

import html

from hypothesis import given
from hypothesis import strategies as st

from playground.text.markdown import normalize
from playground.text.plain import MARK, PlainText

PIECES = st.lists(st.sampled_from(["**a**", "\r", "\n", "\r\n", "<b>", " ", "&amp;", "```"]), max_size=20)


@given(PIECES)
def test_however_it_comes_it_ends_up_as_the_whole(pieces):
    live = PlainText()
    shown = "".join([live.feed(piece, 0.0).closed for piece in pieces]) + live.finish().closed
    assert html.unescape(shown) == html.unescape(html.escape(normalize("".join(pieces))))


def test_a_mark_says_that_more_comes_until_the_end():
    live = PlainText()
    assert [live.feed("a", 0.0).tail, live.feed("b", 0.0).tail] == [MARK, None]
    assert live.finish().tail == ""
    assert (live.refresh(9.0), live.next_refresh_at(), live.is_quick("a", is_end=True)) == (None, None, True)
