"""A snippet shows where a text has what was looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.search.questions import Question
from playground.search.snippets import ELLIPSIS, snippet_of

FAR = "Nothing here. " * 300


def shown(text: str, typed: str) -> str:
    """Return a snippet with stars around what was found."""
    pieces = snippet_of(text, Question.read(typed).wanted)
    return "".join(f"*{piece.text}*" if piece.is_found else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "typed", "snippet"),
    [
        ("The quick brown fox", "brown", "The quick *brown* fox"),
        ("The quick brown fox", "fox quick", "The *quick* brown *fox*"),
        ("The quick brown fox. Quick fox", '"quick fox"', "The quick brown fox. *Quick fox*"),
        ("Ein Café, das CAFÉ", "cafe", "Ein *Café*, das *CAFÉ*"),
        ("forgetUserName()", "username", "*forgetUserName*()"),
        ("我们的数据库", "数据", "*我们的数据库*"),
        ("get_user.name", "get_user", "*get_user*.name"),
        ("The quick brown fox", "lazy", ""),
        ("a banana", "a", "*a* banana"),
    ],
)
def test_what_was_found_is_marked(text: str, typed: str, snippet: str) -> None:
    assert shown(text, typed) == snippet


@pytest.mark.parametrize("word", ["needle", "Nädel"])
def test_of_a_long_text_it_is_the_piece_around(word: str) -> None:
    found = shown(f"{FAR[:5_000]}{word} {FAR}", word)
    assert f"*{word}*" in found
    assert found.startswith(ELLIPSIS)
    assert found.endswith(ELLIPSIS)
    assert len(found) < 300


@given(st.text("ab Äß-\u0301數", max_size=80), st.text('ab äß"-數', min_size=1, max_size=10))
def test_its_pieces_are_pieces_of_the_text(text: str, typed: str) -> None:
    pieces = snippet_of(text, Question.read(typed).wanted)
    assert "".join(piece.text for piece in pieces).strip(ELLIPSIS) in text
