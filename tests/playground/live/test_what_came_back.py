"""Whatever an API says of its answer is kept: refusals, thinking, tools, tokens, and what nobody can read."""

import asyncio

import pytest

from playground.live.log.said import LONGEST_TEXT, Part
from playground.live.outcome.outcomes import RunOutcome
from playground.live.runner import LiveRun
from playground.models import Note, RunState
from tests.playground.live.scripted import answered, carried_out, said, streamed, until_said
from tests.rax.wire import CHAT, event, stream_head

DONE = "[DONE]"
USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
WEATHER = {"name": "get_weather", "arguments": '{"city": "Oslo"}'}


async def test_a_refusal_is_kept_apart_from_answers() -> None:
    outcome = await streamed(
        said(content=None, refusal="I can't "), said(refusal="help."), said("stop"), DONE
    )
    assert (outcome.state, outcome.answer, outcome.refusal) == (RunState.COMPLETED, "", "I can't help.")


async def test_a_refusal_of_a_whole_answer_is_kept() -> None:
    message = {"role": "assistant", "content": None, "refusal": "No."}
    outcome = await answered({**CHAT, "choices": [{"message": message, "finish_reason": "stop"}]})
    assert (outcome.answer, outcome.refusal) == ("", "No.")


async def test_thinking_is_kept_apart_and_counted() -> None:
    details = {"completion_tokens_details": {"reasoning_tokens": 2}}
    outcome = await streamed(
        said(reasoning_content="Let me "),
        said(reasoning_content="see."),
        said(content="42"),
        said("stop") | {"usage": {**USAGE, **details}},
        DONE,
    )
    assert (outcome.reasoning, outcome.answer) == ("Let me see.", "42")
    assert outcome.tokens is not None
    assert (outcome.tokens.completion, outcome.tokens.reasoning) == (3, 2)
    assert outcome.times is not None
    assert outcome.times.reasoning_ms is not None


async def test_who_reads_along_sees_thinking_as_it_comes_and_when_it_is_over() -> None:
    async def says(writer: asyncio.StreamWriter, live: LiveRun) -> None:
        writer.write(stream_head() + event(said(reasoning="Hm.")))
        await until_said(live)
        writer.write(event(said(content="42")) + event(said("stop")) + event(DONE))

    _, entries = await carried_out(says)
    parts = [(entry.part, entry.text) for entry in entries if entry.part != Part.THOUGHT]
    assert parts == [(Part.REASONING, "Hm."), (Part.ANSWER, "42"), (Part.ANSWER, "")]
    assert [entry.part for entry in entries].index(Part.THOUGHT) == 1


async def test_tools_are_kept_with_all_their_arguments() -> None:
    pieces = [
        {"index": 0, "id": "call_1", "function": {"name": "get_weather", "arguments": ""}},
        {"index": 0, "function": {"arguments": '{"city": '}},
        {"index": 1, "id": "call_2", "function": {"name": "f" * 120, "arguments": "{}"}},
        {"index": 0, "function": {"arguments": '"Oslo"}'}},
    ]
    outcome = await streamed(*(said(tool_calls=[piece]) for piece in pieces), said("tool_calls"), DONE)
    assert outcome.tool_calls == [
        {"id": "call_1", **WEATHER},
        {"id": "call_2", "name": "f" * 120, "arguments": "{}"},
    ]
    assert (outcome.state, outcome.answer) == (RunState.COMPLETED, "")


async def test_tools_of_a_whole_answer_are_kept() -> None:
    message = {"content": None, "tool_calls": [{"id": "call_1", "function": WEATHER}]}
    outcome = await answered({**CHAT, "choices": [{"message": message, "finish_reason": "tool_calls"}]})
    assert outcome.tool_calls == [{"id": "call_1", **WEATHER}]


async def test_an_answer_of_nothing_is_completed() -> None:
    outcome = await streamed(said(role="assistant"), said("stop"), DONE)
    assert (outcome.state, outcome.answer, outcome.tool_calls) == (RunState.COMPLETED, "", None)


async def test_events_that_nobody_can_read_are_counted() -> None:
    outcome = await streamed(said(content="One"), "ping", said(content=" two"), "pong", said("stop"), DONE)
    assert (outcome.answer, outcome.notes) == ("One two", {Note.UNREADABLE_EVENTS: 2})


async def test_of_several_answers_the_first_is_kept_and_the_others_are_told() -> None:
    outcome = await streamed(said(index=1, content="B"), said(content="A"), said("stop"), DONE)
    assert (outcome.answer, outcome.notes) == ("A", {Note.CHOICES: 2})


async def test_that_a_whole_answer_has_several_is_told() -> None:
    choices = [{"index": index, "message": {"content": text}} for index, text in ((1, "B"), (0, "A"))]
    outcome = await answered({**CHAT, "choices": choices})
    assert (outcome.answer, outcome.notes) == ("A", {Note.CHOICES: 2})


async def test_an_answer_under_another_index_is_not_lost() -> None:
    outcome = await streamed(said(index=1, content="B"), said("stop", index=1), DONE)
    assert (outcome.answer, outcome.notes, outcome.finish_reason) == ("B", None, "stop")


async def test_a_count_that_nobody_can_have_used_is_not_believed_and_told() -> None:
    usage = {"prompt_tokens": 9, "completion_tokens": 10**12, "total_tokens": 10**12 + 9}
    outcome = await streamed(said(content="One"), said("stop") | {"usage": usage}, DONE)
    assert outcome.notes is not None
    assert outcome.notes[Note.TOKENS_NOT_BELIEVED] >= 10**12
    assert outcome.tokens is not None
    assert not outcome.tokens.is_reported


async def stopped(writer: asyncio.StreamWriter, live: LiveRun) -> None:
    writer.write(stream_head(X_RateLimit_Remaining="7") + event(said(content="One") | {"usage": USAGE}))
    await until_said(live)
    live.end(RunOutcome(RunState.STOPPED))


async def failing(writer: asyncio.StreamWriter, live: LiveRun) -> None:
    writer.write(stream_head(X_RateLimit_Remaining="7") + event(said(content="One") | {"usage": USAGE}))
    writer.write(event({"error": {"message": "Out of memory"}}))


async def broken_off(writer: asyncio.StreamWriter, live: LiveRun) -> None:
    writer.write(stream_head(X_RateLimit_Remaining="7") + event(said(content="One") | {"usage": USAGE}))


@pytest.mark.parametrize(
    ("says", "state"),
    [(stopped, RunState.STOPPED), (failing, RunState.FAILED), (broken_off, RunState.ENDED_EARLY)],
)
async def test_what_was_reported_is_kept_whatever_the_end(says, state: RunState) -> None:
    outcome, _ = await carried_out(says)
    assert outcome.state == state
    assert outcome.tokens is not None
    assert (outcome.tokens.prompt, outcome.tokens.completion, outcome.tokens.is_reported) == (9, 3, True)
    assert outcome.request_id == "req_abc123"
    assert outcome.limits is not None
    assert outcome.limits.is_known()


async def test_the_key_is_blotted_out_of_all_that_is_said() -> None:
    key = "rax_a_key_of_some_length"

    async def says(writer: asyncio.StreamWriter, live: LiveRun) -> None:
        call = {"index": 0, "function": {"name": "f", "arguments": f'{{"key": "{key}"}}'}}
        pieces = [said(reasoning=f"It is {key}"), said(refusal=f"Not {key}"), said(tool_calls=[call])]
        writer.write(stream_head() + b"".join([event(piece) for piece in pieces]))
        writer.write(event(said("stop")) + event(DONE))

    outcome, entries = await carried_out(says, key=key)
    kept = [outcome.reasoning, outcome.refusal, str(outcome.tool_calls), *(entry.text for entry in entries)]
    assert "***" in outcome.reasoning
    assert not any(key in text for text in kept)


async def test_thinking_without_an_end_is_ended() -> None:
    async def says(writer: asyncio.StreamWriter, live: LiveRun) -> None:
        writer.write(stream_head())
        piece = event(said(reasoning="x" * 100_000))
        for _ in range(LONGEST_TEXT // 100_000 + 2):
            writer.write(piece)

    outcome, _ = await carried_out(says)
    assert outcome.state == RunState.ENDED_EARLY
    assert len(outcome.reasoning) == LONGEST_TEXT


async def test_what_cannot_be_stored_is_replaced_in_all_that_is_said() -> None:
    outcome = await streamed(said(reasoning="a\0b"), said(refusal="c\0d"), said("stop"), DONE)
    columns = outcome.columns()
    assert (columns["reasoning"], columns["refusal"]) == ("a\ufffdb", "c\ufffdd")
