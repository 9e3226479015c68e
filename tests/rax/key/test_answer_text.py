"""The key never stands in an answer, however it is cut; other text waits for nothing."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax import Key

SECRET = "rax_live_4f9c1d2e8a7b"
KEYS = st.text("ab_", min_size=8, max_size=12) | st.text(string.ascii_letters, min_size=8, max_size=40)


def given_out(key: str, *pieces: str) -> list[str]:
    text = Key(key).answer_text()
    return [*(text.feed(piece) for piece in pieces), text.end()]


@given(KEYS, st.lists(st.text("ab_ ", max_size=9) | st.none(), max_size=6), st.data())
def test_no_cut_gives_the_key_away(key, words, data):
    whole = "".join(key if word is None else word for word in words)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=8)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert key not in "".join(given_out(key, *pieces))
    assert "".join(given_out(key, whole)) == whole.replace(key, "***")


@given(st.lists(st.text("rax_live4f9 ", max_size=30), max_size=8))
def test_what_is_no_key_comes_whole_and_in_order(pieces):
    assert "".join(given_out(SECRET, *pieces)) == "".join(pieces)


@given(st.lists(st.text("rax_live ", max_size=7), max_size=8))
def test_nothing_waits_that_ends_with_less_than_eight_characters_of_it(pieces):
    key = "rax_lives" + SECRET
    waits = ["rax_live" in "".join(pieces[: number + 1]) for number in range(len(pieces))]
    out = given_out(key, *pieces)
    assert [given for given, wait in zip(out, waits, strict=False) if not wait] == [
        piece for piece, wait in zip(pieces, waits, strict=True) if not wait
    ]


def test_eight_characters_wait_until_it_is_clear_what_they_are():
    assert given_out(SECRET, "I say rax_live", "_4", "!") == ["I say ", "", "rax_live_4!", ""]
    assert given_out(SECRET, "I say rax_live", SECRET[8:], "!") == ["I say ", "***", "!", ""]
    assert given_out(SECRET, "I say rax_live_4") == ["I say ", "rax_live_4"]


def test_what_was_given_out_before_eight_characters_came_stays():
    assert given_out(SECRET, *SECRET, ".") == [*"rax_liv", *[""] * 13, "***", ".", ""]


def test_an_end_that_was_none_gives_no_more_than_a_beginning_away():
    text = Key(SECRET).answer_text()
    assert [text.feed(SECRET[:14]), text.end(), text.feed(SECRET[14:]), text.end()] == [
        "",
        SECRET[:14],
        "***",
        "",
    ]


def test_letters_count_as_they_are():
    assert given_out(SECRET, SECRET.upper()) == [SECRET.upper(), ""]


@pytest.mark.parametrize("key", ["rax", "1234567"])
def test_a_short_key_may_stand_in_any_text(key):
    assert given_out(key, f"12 {key} 34") == [f"12 {key} 34", ""]
