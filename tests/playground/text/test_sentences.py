"""A sentence gets its full stop where another one follows."""

import pytest

from playground.text.sentences import as_sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Out of memory", "Out of memory."),
        ("Out of memory.", "Out of memory."),
        ("Why not?\n", "Why not?"),
        ("It said “No.”", "It said “No.”"),
        ("It said “Bad Gateway”", "It said “Bad Gateway”."),
        ("内存不足。", "内存不足。"),
        ("", ""),
    ],
)
def test_it_ends_words_that_have_no_end(words: str, sentence: str) -> None:
    assert as_sentence(words) == sentence
