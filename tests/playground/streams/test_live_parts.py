"""What one page is sent of thinking, refusals and tools: as they come, and once."""

from uuid import uuid4

import pytest

from playground.live.log.log import Entry
from playground.live.log.said import Part
from playground.streams.framing import partial
from playground.streams.live_parts import thought_words
from playground.streams.live_view import LiveView

RUN = uuid4()


def entries(*said: tuple[Part, str]) -> list[Entry]:
    return [Entry(number, text, part=part) for number, (part, text) in enumerate(said, 1)]


def place(name: str, swap: str, text: str) -> str:
    return partial(f"{name}-{RUN}", swap, text)


def test_thinking_replaces_what_was_saved_then_goes_on() -> None:
    first, second = entries((Part.REASONING, "Hm <b>"), (Part.REASONING, " yes"))
    view = LiveView(RUN)
    assert place("reasoning", "innerHTML", "Hm &lt;b&gt;") in view.take([first], 0.0)
    assert place("reasoning", "beforeend", " yes") in view.take([second], 0.0)


def test_a_page_that_comes_back_is_not_sent_what_it_has_of_thinking() -> None:
    view = LiveView(RUN, position=1)
    change = view.take(entries((Part.REASONING, "Hm"), (Part.REASONING, " yes")), 0.0)
    assert place("reasoning", "beforeend", " yes") in change
    assert "Hm" not in change


def test_who_comes_late_is_sent_everything_at_once() -> None:
    said = entries(
        (Part.REASONING, "Hm"), (Part.THOUGHT, "12400"), (Part.ANSWER, "Half."), (Part.REFUSAL, "No.")
    )
    change = LiveView(RUN).take(said, 0.0)
    for part in (
        place("reasoning", "innerHTML", "Hm"),
        place("thought", "innerHTML", "Thought for 12 s"),
        place("refusal", "innerHTML", "No."),
    ):
        assert part in change
    assert "Half." in change


def test_nothing_but_the_answer_becomes_the_answer() -> None:
    view = LiveView(RUN)
    change = view.take(entries((Part.REASONING, "# Hm"), (Part.TOOL, "sum"), (Part.ANSWER, "Half.")), 0.0)
    assert "<h" not in change.replace("<hx", "")
    assert place("tool", "innerHTML", "sum") in change


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (None, "Thought"),
        (400, "Thought"),
        (1_000, "Thought for 1 s"),
        (59_600, "Thought for 1 min 0 s"),
        (125_000, "Thought for 2 min 5 s"),
    ],
)
def test_thinking_is_told_with_its_time(milliseconds: int | None, words: str) -> None:
    assert thought_words(milliseconds) == words
