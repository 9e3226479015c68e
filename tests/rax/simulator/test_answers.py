import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax.simulator.tokens import count_tokens, split_tokens
from rax.simulator.words.answers import answer_for, topic_words, wished_words


def answer(prompt: str, model: str = "rax-4.0") -> str:
    return answer_for(model, [{"role": "user", "content": prompt}])


@given(st.text())
def test_tokens_joined_are_the_text(text):
    assert "".join(split_tokens(text)) == text


@given(st.text(), st.text())
def test_a_longer_text_never_has_fewer_tokens(text, more):
    assert count_tokens(text + more) >= count_tokens(text)


@given(st.text())
def test_any_prompt_has_an_answer_and_always_the_same(prompt):
    assert answer(prompt) == answer(prompt)
    assert answer("about " + prompt.replace("[", "(")).strip()


def test_models_and_histories_answer_differently():
    prompt = "Explain how bridges carry weight"
    earlier = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    later = answer_for("rax-4.0", [*earlier, {"role": "user", "content": prompt}])
    assert len({answer(prompt), answer(prompt, "rax-4.5"), later}) == 3


def test_it_speaks_about_what_was_asked():
    assert "penguin" in answer("Tell me about penguin colonies").lower()
    assert topic_words("Please compare the cost of solar and wind!") == ["cost", "solar", "wind"]


@pytest.mark.parametrize(
    "language", ["python", "javascript", "typescript", "sql", "bash", "go", "rust", "html", "json"]
)
def test_it_writes_code_in_the_language_asked_for(language):
    assert f"```{language}\n" in answer(f"Write me a program in {language} about whales")


@pytest.mark.parametrize(
    ("prompt", "mark"),
    [
        ("Compare tea and coffee", "| --- |"),
        ("Give me a checklist for moving house", "\n2. **"),
        ("Write 600 words on rivers", "## "),
        ("A poem about rain", "  \n"),
    ],
)
def test_it_chooses_the_kind_of_answer(prompt, mark):
    assert mark in answer(prompt)


def test_it_is_as_long_as_it_was_asked_to_be():
    words = len(answer("Write 2,000 words about cheese").split())
    assert 2000 <= words <= 2100


@pytest.mark.parametrize(
    ("prompt", "words"),
    [("in 50 words", 50), ("two words", None), ("3 paragraphs", 180), ("a 999999-word book", 8000)],
)
def test_it_understands_a_wish_for_length(prompt, words):
    assert wished_words(prompt) == words


def test_it_says_what_it_is_told_to_say():
    assert answer("whatever [[say:<b>é 👩‍👩‍👧</b>\n]]") == "<b>é 👩‍👩‍👧</b>\n"


def test_a_fault_marker_is_not_part_of_the_answer():
    assert answer("[[say:as it stands]] [[fault:cut]]") == "as it stands"
    assert "fault" not in answer("Explain tides [[fault:cut]]")
