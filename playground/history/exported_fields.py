"""What a file of the history has of each run: nothing of a key but its name."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from playground.editor.form.variables import values_of
from playground.models import Run
from playground.search.entries import rating_of

# As the model calls them.
SENT = ("model", "source", "parameters", "system_prompt", "message")
CAME = ("reasoning", "answer", "refusal", "tool_calls", "state", "finish_reason")
COUNTED = (
    *("prompt_tokens", "completion_tokens", "tokens_reported", "reasoning_tokens", "cached_tokens"),
    *("time_to_first_token_ms", "duration_ms"),
)
FIELDS: dict[str, Callable[[Run], Any]] = {
    "id": lambda run: str(run.pk),
    "conversation": lambda run: str(run.conversation_id),
    "title": lambda run: run.conversation.title,
    "turn": lambda run: run.turn,
    "created_at": lambda run: run.created_at.isoformat(),
    "finished_at": lambda run: run.finished_at and run.finished_at.isoformat(),
    "member": lambda run: str(run.author or ""),
    "key": lambda run: run.key.name if run.key else "",
    **{name: attrgetter(name) for name in SENT},
    "variables": values_of,
    "messages_before": lambda run: run.messages_before or [],
    **{name: attrgetter(name) for name in CAME},
    "error": lambda run: run.error_message,
    **{name: attrgetter(name) for name in COUNTED},
    "rating": lambda run: getattr(rating_of(run), "verdict", ""),
    "note": lambda run: getattr(rating_of(run), "note", ""),
    "rated_by": lambda run: str(getattr(rating_of(run), "author", None) or ""),
}


def fields_of(run: Run) -> dict[str, Any]:
    """Return a run as a file has it, by the names of its columns."""
    return {name: value(run) for name, value in FIELDS.items()}
