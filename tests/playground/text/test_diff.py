"""What differs between two texts is told piece by piece, and the pieces are the texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.text.diff import MOST_WORDS, Kind, Piece, diff, words_of

TEXTS = st.text(alphabet="ab .\n\u2028é🙂", max_size=40)


@pytest.mark.parametrize("by", ["words", "lines"])
@given(one=TEXTS, other=TEXTS)
def test_what_is_kept_and_new_is_the_second_text(by: str, one: str, other: str) -> None:
    pieces = diff(one, other, by).pieces
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == other


@given(one=TEXTS, other=TEXTS)
def test_what_is_kept_and_gone_has_the_words_of_the_first(one: str, other: str) -> None:
    pieces = diff(one, other).pieces
    kept = "".join(f"{piece.text} " for piece in pieces if piece.kind is not Kind.NEW)
    assert kept.split() == one.split()


@given(text=TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert diff(text, text).is_same


def test_differing_words_stand_beside_each_other() -> None:
    found = diff(
        "Never promise a refund. Answer in English.",
        "Never promise a refund. Quote the rule. Answer in English.",
    )
    assert found.pieces == [
        Piece(Kind.SAME, "Never promise a refund. "),
        Piece(Kind.NEW, "Quote the rule. "),
        Piece(Kind.SAME, "Answer in English."),
    ]


def test_lines_differ_whole() -> None:
    found = diff("One\nTwo\n", "One\nTwo!\n", "lines")
    assert [(piece.kind, piece.text) for piece in found.pieces] == [
        ("same", "One\n"),
        ("gone", "Two\n"),
        ("new", "Two!\n"),
    ]


def test_wrapping_is_no_difference_of_words() -> None:
    assert diff("One two\nthree", "One two three").is_same


def test_twenty_thousand_words_are_compared_and_it_says_that_there_are_more() -> None:
    most = "word " * MOST_WORDS
    assert not diff(most, most).is_cut
    longer = diff(most, most + "more")
    assert longer.is_cut
    assert longer.is_same


def test_words_of_scripts_without_spaces_are_one() -> None:
    assert words_of("半減期 とは") == ["半減期 ", "とは"]
