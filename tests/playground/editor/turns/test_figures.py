"""What an answer took, in numbers as people read them."""

import pytest

from playground.editor.turns.figures import duration_words, first_token_words, rate_words


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (None, ""),
        (0, "under 0.1 s"),
        (99, "under 0.1 s"),
        (100, "0.1 s"),
        (1_900, "1.9 s"),
        (59_940, "59.9 s"),
        (59_960, "1 min"),
        (130_000, "2 min 10 s"),
        (3_600_000, "1 h"),
    ],
)
def test_a_duration(milliseconds: int | None, words: str) -> None:
    assert duration_words(milliseconds) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (None, ""),
        (0, "under 0.01 s"),
        (412, "0.41 s"),
        (9_990, "9.99 s"),
        (12_345, "12.3 s"),
        (75_000, "1 min 15 s"),
    ],
)
def test_how_long_the_first_token_was_waited_for(milliseconds: int | None, words: str) -> None:
    assert first_token_words(milliseconds) == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [(None, ""), (0.46, "0.5 tokens/s"), (42.51, "42.5 tokens/s"), (1_239.6, "1,240 tokens/s")],
)
def test_a_rate(rate: float | None, words: str) -> None:
    assert rate_words(rate) == words
