"""How a completed answer ended, as far as anybody says: only one way is as it should be."""

from typing import Any, Protocol

from django.db import models

from playground.models.states import RunState


class Ending(models.TextChoices):
    """What became of a run whose answer came to its end, in a word or two."""

    WHOLE = "whole", "Completed"
    CUT = "cut", "Cut at max tokens"
    FILTERED = "filtered", "Content filter"
    BROKEN_OFF = "broken_off", "Broken off"
    REFUSED = "refused", "Refused"
    TOOLS = "tools", "Asked for tools"
    EMPTY = "empty", "No answer"
    # The API gave no finish reason, or one that we do not know.
    UNSAID = "unsaid", "Completed"


# The finish reasons that servers give, in lower case and with underscores.
REASONS = {
    Ending.WHOLE: "stop stop_sequence end_turn end eos eos_token complete completed",
    Ending.CUT: "length max_tokens max_output_tokens max_length token_limit model_length "
    "model_context_window_exceeded context_length_exceeded",
    Ending.FILTERED: "content_filter content_filtered safety image_safety sensitive recitation "
    "prohibited_content blocklist spii guardrail_intervened moderation",
    Ending.BROKEN_OFF: "error abort aborted cancelled canceled network_error timeout "
    "insufficient_system_resource malformed_function_call",
    Ending.REFUSED: "refusal",
    Ending.TOOLS: "tool_calls tool_call tool_use function_call",
}
BY_REASON = {reason: ending for ending, reasons in REASONS.items() for reason in reasons.split()}


def reason_of(finish_reason: str) -> Ending:
    """Return what a finish reason of the API's means."""
    return BY_REASON.get(finish_reason.lower().replace("-", "_"), Ending.UNSAID)


class Ended(Protocol):
    """What is asked of a run to tell how it ended."""

    state: Any
    finish_reason: Any
    refusal: Any
    tool_calls: Any

    @property
    def has_answer(self) -> bool:
        """Whether there is something to read in its answer."""


def ending_of(run: Ended) -> Ending | None:
    """Return how a completed run ended; None for any other."""
    if run.state != RunState.COMPLETED:
        return None
    by_reason = reason_of(run.finish_reason)
    if by_reason not in {Ending.WHOLE, Ending.UNSAID}:
        return by_reason
    if run.refusal:
        return Ending.REFUSED
    if run.tool_calls:
        return Ending.TOOLS
    return by_reason if run.has_answer else Ending.EMPTY
