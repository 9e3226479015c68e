"""Texts become the same words wherever they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.search.words import LONGEST_WORD, places_of, stream_of, words_of
from tests.playground.search.plain import plain_words

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The quick, brown FOX.", ["the", "quick", "brown", "fox"]),
        ("café cafe\u0301 CAFÉ", ["cafe"] * 3),
        ("get_user-name.txt", ["get", "user", "name", "txt"]),
        ("Straße 12½", ["strasse", "121", "2"]),
        ("数据库 の検索", ["数据库", "の検索"]),
        ("🙂 -- !", []),
        ("a\0b", ["a", "b"]),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(TEXTS)
def test_nothing_but_letters_and_digits_is_left(text: str) -> None:
    assert all(word.isalnum() and " " not in word for word in words_of(text))


@given(st.text("abÄé_ -.ß\u03011", max_size=40))
def test_they_are_those_of_a_plain_reading(text: str) -> None:
    assert words_of(text) == plain_words(text)


@given(TEXTS)
def test_words_are_the_same_read_again(text: str) -> None:
    stream = stream_of(words_of(text))
    assert stream_of(words_of(stream)) == stream


@given(TEXTS)
def test_where_they_stand_is_within_the_text(text: str) -> None:
    places = list(places_of(text))
    assert [place.word for place in places] == words_of(text)
    assert all(words_of(text[place.start : place.end]) for place in places)


def test_of_what_is_too_long_for_a_word_the_beginning_counts() -> None:
    assert words_of("x" * 5_000) == ["x" * LONGEST_WORD]
