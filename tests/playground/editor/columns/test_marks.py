"""Words that differ from column A are marked, with a few words around them."""

from playground.editor.columns.marks import MOST_CHARS, marks
from playground.models.drafts import Fields

PROMPT = (
    "You answer support mail for a bike shop. Be brief and exact. Never promise a refund. Answer in English."
)


def marked(other: str, one: str = PROMPT) -> list[tuple[str, str]]:
    columns: list[Fields] = [{"system_prompt": one}, {"system_prompt": other}]
    return [(str(piece.kind), piece.text) for piece in marks(columns)[1].get("system_prompt", [])]


def test_new_words_stand_among_those_beside_them() -> None:
    other = PROMPT.replace("a refund. ", "a refund. Quote the rule. ")
    assert marked(other) == [
        ("same", "… Never promise a refund. "),
        ("new", "Quote the rule. "),
        ("same", "Answer in English."),
    ]


def test_words_that_are_missing_are_marked_too() -> None:
    assert ("gone", "Be brief and exact. ") in marked(PROMPT.replace("Be brief and exact. ", ""))


def test_nothing_is_marked_where_nothing_differs_or_one_is_not_sent() -> None:
    assert marked(PROMPT) == marked("") == marked(PROMPT.replace(" ", "\n")) == marked("x", one=" ") == []


def test_what_is_long_is_not_compared_at_each_key() -> None:
    assert marked("x " * MOST_CHARS) == []


def test_each_column_is_compared_with_the_first() -> None:
    columns: list[Fields] = [{"message": "One two"}, {"message": "One three"}, {"message": "One four"}]
    assert [set(found) for found in marks(columns)] == [set(), {"message"}, {"message"}]
