"""What is said in words of a run beside its answer."""

import pytest

from playground.editor.turns import remarks
from playground.models import LeftOut, Note, Run, RunState


def run(**fields: object) -> Run:
    said = {"answer": "Hello", "refusal": "", "finish_reason": "stop"}
    return Run(**{"state": RunState.COMPLETED, **said, **fields})


def asking(*names: str) -> Run:
    calls = [{"id": "", "name": name, "arguments": "{}"} for name in names]
    return run(answer="", tool_calls=calls, finish_reason="tool_calls")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["get_weather"], "The model asked for the tool get_weather; the playground runs none."),
        (["a", "b", "a"], "The model asked for the tools a and b; the playground runs none."),
        (["a", "b", "c"], "The model asked for the tools a, b and c; the playground runs none."),
        ([""], "The model asked for the tool without a name; the playground runs none."),
        ([], "The model asked for a tool; the playground runs none."),
    ],
)
def test_it_names_the_tools_that_were_asked_for(names: list[str], words: str) -> None:
    assert remarks.tool_words(asking(*names)) == words


def test_it_says_that_no_finish_reason_was_given() -> None:
    assert remarks.finish_words(run(finish_reason="")) == "no finish reason given"


def test_it_shows_a_reason_that_it_does_not_know_as_itself() -> None:
    assert remarks.finish_words(run(finish_reason="bored")) == "bored"


def test_it_gives_no_reason_where_no_answer_came_to_its_end() -> None:
    assert remarks.finish_words(run(state=RunState.FAILED, finish_reason="")) == ""


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS", "model_length"])
def test_it_says_what_to_do_about_an_answer_that_was_cut(reason: str) -> None:
    cut = run(finish_reason=reason, parameters={"max_tokens": 1064})
    words = "The answer is not whole. Max tokens was 1,064: raise it, or ask the model to go on."
    assert remarks.cut_words(cut) == words
    own = remarks.cut_words(run(finish_reason=reason))
    assert own == "The answer is not whole. The model's own limit was reached: ask the model to go on."
    none = remarks.cut_words(run(finish_reason=reason, answer=""))
    assert none == "It ended before the answer began. The model's own limit was reached: ask for less."
    assert remarks.cut_words(run()) == ""


def test_it_tells_what_could_not_be_read_or_believed() -> None:
    noted = run(notes={Note.UNREADABLE_EVENTS: 2, Note.CHOICES: 3, Note.TOKENS_NOT_BELIEVED: 10**12})
    assert remarks.note_words(noted) == [
        "2 events could not be read.",
        "The API sent 3 answers; the first is shown.",
        "The API reported 1,000,000,000,000 tokens, more than one request can use: that is not believed.",
    ]
    assert remarks.note_words(run(notes={Note.UNREADABLE_EVENTS: 1})) == ["1 event could not be read."]
    assert remarks.note_words(run()) == []


@pytest.mark.parametrize("why", LeftOut)
def test_it_says_which_turn_a_request_was_sent_without(why: LeftOut) -> None:
    words = remarks.left_out_words([{"run": "…", "why": why}])
    assert words == f"1 earlier turn: 1 {remarks.LEFT_OUT_WORDS[why]}"


def test_it_counts_the_turns_that_a_request_was_sent_without() -> None:
    left_out = [{"why": LeftOut.FAILED}, {"why": LeftOut.TOOLS}, {"why": LeftOut.FAILED}]
    assert remarks.left_out_words(left_out) == "3 earlier turns: 2 failed, 1 asked for a tool"
    assert remarks.left_out_words([]) == remarks.left_out_words(None) == ""


def test_it_says_that_later_messages_go_without_a_turn() -> None:
    failed = run(state=RunState.FAILED, answer="")
    assert remarks.not_sent_words(failed) == "Later messages are sent without this turn: it failed."
    assert remarks.not_sent_words(run()) == ""
    assert remarks.not_sent_words(run(answer="", refusal="No.")) == ""
    assert remarks.not_sent_words(run(state=RunState.RUNNING, answer="")) == ""
