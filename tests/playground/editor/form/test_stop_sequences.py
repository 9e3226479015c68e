"""A stop sequence is typed as the inside of a JSON string, and shown so that it can be typed again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.editor.form.stop_sequences import Misspelled, read_stop_sequences, show_stop_sequences


@pytest.mark.parametrize(
    ("typed", "sequences"),
    [
        ("END", ["END"]),
        (r"\n", ["\n"]),
        (r"\\n", [r"\n"]),
        (r"C:\\temp", [r"C:\temp"]),
        (r"\u00e9\t\/", ["é\t/"]),
        (r"\ud83d\ude42", ["🙂"]),
        (r"\"\"\"", ['"""']),
        (r"\u0020", [" "]),
        ("a\tb", ["a\tb"]),
        ("one\r\n\r\n  two words\n", ["one", "  two words"]),
        ("a\u2028b\u0085c\x0cd", ["a\u2028b\u0085c\x0cd"]),
        ("", []),
    ],
)
def test_lines_are_read(typed: str, sequences: list[str]) -> None:
    assert read_stop_sequences(typed) == sequences


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("END\n\\q", r"Line 2: \q means nothing."),
        ("\\", r"Line 1: a backslash is typed twice, as \\."),
        ("C:\\\\a\\", r"a backslash is typed twice, as \\."),
        (r"\u00g9", r"\u00g9 is no character: \u takes four digits"),
        (r"\u00e", r"\u00e is no character"),
        ('say "x"', r"a quote is typed as \" here."),
        (r"\ud83d", "half a character"),
        (r"\ude42\ud83d", "half a character"),
        (r"\u0000", r"\u0000 cannot be sent."),
        (r"\x41", r"\x means nothing."),
        (r"\N", r"\N means nothing."),
    ],
)
def test_what_is_misspelled_is_told_with_its_line(typed: str, words: str) -> None:
    with pytest.raises(Misspelled) as problem:
        read_stop_sequences(typed)
    assert words in str(problem.value)


@pytest.mark.parametrize(
    ("sequence", "shown"),
    [("\n\n", r"\n\n"), (r"\n", r"\\n"), ('"é"', r"\"é\""), (" ", r"\u0020"), ("\u2028", r"\u2028")],
)
def test_a_sequence_is_shown_as_it_is_typed(sequence: str, shown: str) -> None:
    assert show_stop_sequences(["END", sequence]) == f"END\n{shown}"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)))
def test_what_is_shown_reads_back(sequences: list[str]) -> None:
    assert read_stop_sequences(show_stop_sequences(sequences)) == sequences
