"""Whatever people type becomes a question that both databases answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.models import Run
from playground.search.entries import Entry
from playground.search.finding import find
from playground.search.questions import MOST_TERMS, Question, read_parameters
from playground.search.terms import parameter_terms
from tests.cast import Cast
from tests.playground.conftest import MakeRun


def read(typed: str) -> tuple[list[str], list[str]]:
    question = Question.read(typed)
    return [" ".join(t.words) for t in question.wanted], [" ".join(t.words) for t in question.unwanted]


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"),
    [
        ("quick brown", ["quick", "brown"], []),
        ('"quick brown" fox', ["quick brown", "fox"], []),
        ("“quick brown”", ["quick brown"], []),
        ("quick -lazy", ["quick"], ["lazy"]),
        ('-"lazy dog"', [], ["lazy dog"]),
        ('"never closed', ["never closed"], []),
        ("user_name a-b", ["user name", "a b"], []),
        ('quick"brown fox"', ["quick", "brown fox"], []),
        ('"" - -- -" " * : ^ ( ) AND', ["and"], []),
        ("NEAR(a b, 2) OR col:x*", ["near a", "b", "2", "or", "col x"], []),
    ],
)
def test_words_phrases_and_what_is_not_wanted(typed: str, wanted: list[str], unwanted: list[str]) -> None:
    assert read(typed) == (wanted, unwanted)


@pytest.mark.parametrize("typed", ["🙂", "-", '""', "()", '"', "-!"])
def test_what_has_no_words_says_so(typed: str) -> None:
    assert Question.read(typed).has_no_words


def test_nothing_typed_asks_nothing() -> None:
    question = Question.read("  ")
    assert not question.asks
    assert not question.has_no_words


def test_of_very_many_words_the_first_count() -> None:
    question = Question.read("a " * 5_000)
    assert (len(question.wanted), question.left_out) == (MOST_TERMS, 5_000 - MOST_TERMS)


@pytest.mark.parametrize(
    ("typed", "sent", "is_there"),
    [
        ("temperature", {"temperature": 0.2}, True),
        ("temperature=0.2", {"temperature": 0.2}, True),
        ("temperature=0.20", {"temperature": 0.2}, True),
        ("temperature=1", {"temperature": 1.0}, True),
        ("temperature=0.3", {"temperature": 0.2}, False),
        ("top_p", {"temperature": 0.2}, False),
        ("stop=END", {"stop": ["END", "x"]}, True),
        ("stream=true", {"stream": True}, True),
        ("seed=7", {"extra": {"seed": 7}}, True),
        ("extra", {"extra": {"seed": 7}}, False),
        # What no run can have sent, but an address can say.
        (r'stop="\ud800"', {"stop": ["x"]}, False),
        ("stop=" + "[" * 100_000, {"stop": ["x"]}, False),
    ],
)
def test_parameters_are_named_with_and_without_their_values(
    typed: str, sent: dict[str, object], is_there: bool
) -> None:
    assert (set(read_parameters(typed)) <= set(parameter_terms(sent))) is is_there


LETTERS = st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\"'*:^()-\0{}|&!<>\\ %_"))
HOSTILE = st.text(LETTERS, max_size=200)


@given(HOSTILE)
def test_reading_never_fails_and_asks_letters_and_digits_alone(typed: str) -> None:
    question = Question.read(typed)
    for term in (*question.wanted, *question.unwanted):
        assert all(word.isalnum() for word in term.words)


@pytest.mark.parametrize(
    "typed",
    [
        *("'", '"', "\0", "a\0b", '"a" OR', "-x", "x' OR 1=1 --", "a:b*", "NEAR(", "%", "_", "\\"),
        *("x" * 10_000, "-a " * 99, "é" * 10_000, '"a b" ' * 99),
    ],
)
def test_no_question_is_an_error_for_the_database(typed: str, cast: Cast, make_run: MakeRun) -> None:
    make_run(message="Nothing special")
    find(cast.team, Question.read(typed), 10)


def test_a_run_says_itself_whether_a_question_finds_it() -> None:
    others = dict.fromkeys(["reasoning", "system_prompt", "refusal", "source"], "")
    run = Run(message="The quick brown fox", answer="It jumps.", team_id=1, **others)
    entry = Entry.of(run, None)
    assert entry.answers(Question.read('"quick brown" jump -lazy'))
    assert not entry.answers(Question.read("fox jumps -quick"))
    assert not entry.answers(Question.read('"fox it"'))
