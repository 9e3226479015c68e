"""What is said is kept part by part, with the time it took, up to a bound."""

from uuid import uuid4

import pytest

from playground.live.intake import Intake, pieces_of
from playground.live.log.said import LONGEST_TEXT, Part, Said
from rax import Chunk, ToolCall


def test_each_part_is_kept_apart() -> None:
    said = Said()
    for part, text in (
        (Part.REASONING, "Hm, "),
        (Part.ANSWER, "4"),
        (Part.REASONING, "yes."),
        (Part.ANSWER, "2"),
    ):
        said.take(part, text, 1.0)
    assert said.texts() == {"answer": "42", "reasoning": "Hm, yes.", "refusal": ""}


def test_thinking_takes_as_long_as_its_stretches_together() -> None:
    said = Said()
    said.take(Part.REASONING, "Hm", 10.0)
    said.take(Part.REASONING, "…", 11.0)
    assert said.stop_thinking(12.5)
    assert not said.stop_thinking(20.0)
    said.take(Part.REASONING, "And?", 30.0)
    said.stop_thinking(30.5)
    assert said.reasoning_ms == 3_000


def test_writing_takes_from_the_first_piece_to_the_last() -> None:
    said = Said()
    assert said.writing_ms is None
    said.take(Part.REASONING, "Hm", 10.0)
    assert said.writing_ms == 0
    said.take(Part.ANSWER, "42", 12.25)
    assert said.writing_ms == 2_250


def test_all_parts_share_one_bound() -> None:
    said = Said()
    said.take(Part.REASONING, "x" * (LONGEST_TEXT - 3), 1.0)
    assert said.take(Part.ANSWER, "12345", 1.0) == "123"
    assert said.is_full
    assert said.take(Part.REFUSAL, "no", 1.0) == ""


def test_tools_without_an_end_fill_the_bound_too() -> None:
    said = Said()
    for index in range(LONGEST_TEXT // 60):
        said.ask([ToolCall(index, None, "", "")], 1.0)
    assert said.is_full


@pytest.mark.parametrize(
    "chunk",
    [
        Chunk("x" * 1_000, index=1),
        Chunk("", reasoning="x" * 500, refusal="x" * 500, index=-1),
        Chunk("", tool_calls=(ToolCall(0, None, "", "x" * 936),), index=1),
    ],
    ids=["text", "thinking", "tools"],
)
async def test_another_answer_without_an_end_fills_the_bound_too(chunk: Chunk) -> None:
    intake = Intake(uuid4())
    for _ in range(999):
        await intake.take([chunk])
    assert not intake.said.is_full
    await intake.take([chunk])
    assert intake.said.is_full
    assert intake.said.chars == 0


def test_a_tool_is_named_once() -> None:
    said = Said()
    pieces = [
        ToolCall(0, "call_1", "get_weather", ""),
        ToolCall(0, None, "", "{}"),
        ToolCall(1, None, "sum", ""),
    ]
    assert [name for piece in pieces for name in said.ask([piece], 1.0)] == ["get_weather", "sum"]


def test_pieces_of_one_part_that_follow_one_another_are_one() -> None:
    chunks = [Chunk("", reasoning="Hm"), Chunk("4", reasoning="."), Chunk("2"), Chunk("", refusal="No")]
    assert pieces_of(chunks) == [(Part.REASONING, "Hm."), (Part.ANSWER, "42"), (Part.REFUSAL, "No")]


def test_what_is_new_is_told_without_what_was_told() -> None:
    said = Said()
    for piece in ("Half", "-", "life", "."):
        said.take(Part.ANSWER, piece, 1.0)
    assert [said.since(Part.ANSWER, at) for at in (0, 2, 4, 9, 10)] == [
        "Half-life.",
        "lf-life.",
        "-life.",
        ".",
        "",
    ]
    said.take(Part.ANSWER, " Or not.", 2.0)
    assert said.since(Part.ANSWER, 10) == " Or not."
    assert said.text() == "Half-life. Or not."
