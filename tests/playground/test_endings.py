"""An answer that came to its end is green only where it ended as it should."""

import pytest

from playground.models import Ending, Run, RunState


def ending(**fields: object) -> Ending | None:
    said = {"answer": "Hello", "refusal": "", "finish_reason": "stop"}
    return Run(**{"state": RunState.COMPLETED, **said, **fields}).ending


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("stop", Ending.WHOLE),
        ("STOP", Ending.WHOLE),
        ("end_turn", Ending.WHOLE),
        ("length", Ending.CUT),
        ("MAX_TOKENS", Ending.CUT),
        ("content_filter", Ending.FILTERED),
        ("content-filter", Ending.FILTERED),
        ("SAFETY", Ending.FILTERED),
        ("tool_calls", Ending.TOOLS),
        ("function_call", Ending.TOOLS),
        ("refusal", Ending.REFUSED),
        ("insufficient_system_resource", Ending.BROKEN_OFF),
        ("bored", Ending.UNSAID),
        ("", Ending.UNSAID),
    ],
)
def test_it_is_as_its_finish_reason_says(reason: str, expected: Ending) -> None:
    assert ending(finish_reason=reason) == expected


@pytest.mark.parametrize("reason", ["stop", ""])
def test_what_was_said_instead_of_an_answer_counts_more(reason: str) -> None:
    assert ending(answer="", refusal="No.", finish_reason=reason) == Ending.REFUSED
    assert ending(answer="", tool_calls=[{"name": "f"}], finish_reason=reason) == Ending.TOOLS
    assert ending(answer=" \n", finish_reason=reason) == Ending.EMPTY


def test_a_reason_says_more_than_that_nothing_came() -> None:
    assert ending(answer="", finish_reason="length") == Ending.CUT
    assert ending(answer="", finish_reason="content_filter") == Ending.FILTERED


@pytest.mark.parametrize("state", [state for state in RunState if state != RunState.COMPLETED])
def test_other_states_have_none(state: RunState) -> None:
    assert ending(state=state) is None
    assert Run(state=state).end_words == state.label
