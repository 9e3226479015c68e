"""What is sent of a conversation: the words so far, and the new ones."""

from collections.abc import Iterable

from playground.models import LeftOut, Run, RunState
from playground.requests import Message, Speaker


def dialogue(turns: Iterable[Run], run: Run) -> list[Message]:
    """Return the messages of a run as they are sent: system prompt, the turns that were answered, its own."""
    messages = [Message(Speaker.SYSTEM, run.system_prompt, run.pk)] if run.system_prompt else []
    messages += [message for turn in turns for message in said_in(turn)]
    return [*messages, *asked_in(run)]


def said_in(turn: Run) -> list[Message]:
    """Return what later requests are sent of a turn; nothing where it is left out."""
    if why_left_out(turn):
        return []
    return [*asked_in(turn), Message(Speaker.ASSISTANT, turn.said, turn.pk)]


def asked_in(run: Run) -> list[Message]:
    """Return what was asked in a turn: the messages that were typed before its own, and that."""
    typed = enumerate(run.messages_before or [])
    before = [Message(Speaker(one["role"]), one["content"], run.pk, at) for at, one in typed]
    return [*before, Message(Speaker.USER, run.message, run.pk)]


def left_out(turns: Iterable[Run]) -> list[dict[str, str]]:
    """Return which turns are not sent, and why, as a run keeps it."""
    reasons = ((turn.pk, why_left_out(turn)) for turn in turns)
    return [{"run": str(run_id), "why": str(why)} for run_id, why in reasons if why]


def why_left_out(turn: Run) -> LeftOut | None:
    """Return why a turn is not sent: nothing of an answer is left of it. None where it is sent.

    Its question alone would be followed by the next one, and a call of a tool wants the tool's result: many
    servers refuse either. A refusal is an answer.
    """
    if turn.erased_at is not None:
        return LeftOut.ERASED
    if turn.said.strip():
        return None
    if turn.state == RunState.COMPLETED and turn.tool_calls:
        return LeftOut.TOOLS
    return UNANSWERED.get(RunState(turn.state), LeftOut.EMPTY)


UNANSWERED = {
    RunState.FAILED: LeftOut.FAILED,
    RunState.STOPPED: LeftOut.STOPPED,
    RunState.ENDED_EARLY: LeftOut.ENDED_EARLY,
    RunState.INTERRUPTED: LeftOut.INTERRUPTED,
}
