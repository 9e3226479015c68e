"""Whatever shape an answer has, its turn says what came, streamed or whole, on one machine or on several."""

import pytest

from tests.playground.visitor import Visitor, words

SHAPES = {
    "refusal": "The model refused.",
    "reasoning": "Thought",
    "tool-call": "The model asked for the tool get_weather; the playground runs none.",
    "nothing": "The model answered with nothing.",
    "no-finish": "no finish reason given",
    "huge-usage": "more than one request can use: that is not believed.",
    "odd-finish": "stopped by the provider's content filter",
}
STREAMED = {"unreadable": "could not be read.", "second-choice": "answers; the first is shown."}


@pytest.mark.usefixtures("in_a_hurry")
@pytest.mark.parametrize("streams", [True, False])
def test_it_says_what_came(visitor: Visitor, *, streams: bool) -> None:
    shapes = (
        SHAPES | STREAMED if streams else {"refusal": SHAPES["refusal"], "tool-call": SHAPES["tool-call"]}
    )
    fields = {} if streams else {"stream": ""}
    for fault, told in shapes.items():
        run = visitor.run(f"Say hello. [[fault:{fault}]]", **fields)
        assert visitor.wait_for_end(run)["state"] == "completed"
        assert told in words(visitor.fragment(run)), fault


@pytest.mark.usefixtures("in_a_hurry")
def test_thinking_is_kept_and_not_sent_again(visitor: Visitor) -> None:
    run = visitor.run("Say hello. [[fault:reasoning]]")
    thought = str(visitor.wait_for_end(run)["reasoning"])
    visitor.run("And now?", conversation=visitor.conversation_of(run))
    assert thought
    assert thought not in str(visitor.exchanges()[-1])
