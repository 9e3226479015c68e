"""What becomes of a run: its one end, with everything that is stored of it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from playground.models import RunState
from rax import ChatAnswer, ChatStream, ConnectionLostError, Kind, Limits, RaxError, Usage

OUR_FAULT = "Something went wrong inside raxdash. It is logged with the run's id."

# What people read; the provider's own words follow where there are any.
WORDS = {
    Kind.ARGUMENT: "This cannot be sent as it is",
    Kind.ADDRESS_REFUSED: "The key's address is not allowed here",
    Kind.NAME_NOT_FOUND: "The key's address has no server: its name is not known",
    Kind.CONNECT_FAILED: "The API cannot be reached",
    Kind.CONNECT_TIMEOUT: "The API did not accept a connection in time",
    Kind.TLS_FAILED: "The API's certificate is not valid",
    Kind.CONNECTION_LOST: "The connection was lost before the answer was whole",
    Kind.TOTAL_DEADLINE: "The answer took longer than a run may",
    Kind.IDLE_DEADLINE: "The API said nothing for too long",
    Kind.NOT_HTTP: "What answered does not speak HTTP",
    Kind.TOO_LARGE: "The answer was larger than is accepted",
    Kind.ENCODED: "The answer was compressed, which a stream must not be",
    Kind.NOT_JSON: "The API answered with something other than JSON",
    Kind.UNEXPECTED_SHAPE: "The API's answer has no shape we know",
    Kind.EMPTY_STREAM: "The API answered with nothing",
    Kind.BAD_REQUEST: "The API did not accept the request",
    Kind.AUTHENTICATION: "The API does not accept this key",
    Kind.PERMISSION_DENIED: "The API does not let this key do that",
    Kind.NOT_FOUND: "The API does not know this model or address",
    Kind.RATE_LIMITED: "Too many requests or tokens for this key right now",
    Kind.SERVER_ERROR: "The API failed",
    Kind.UNAVAILABLE: "The API is unavailable at the moment",
    Kind.OTHER_STATUS: "The API answered with an error",
}


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended; `fields` are further columns of its row, `limits` what the API said of its limits."""

    state: RunState
    fields: dict[str, Any] = field(default_factory=dict)
    limits: Limits | None = None

    @property
    def is_spent(self) -> bool:
        """Whether a request that was sent counts as spent although nothing came back: we did not wait."""
        return self.state in {RunState.STOPPED, RunState.INTERRUPTED}


def from_stream(stream: ChatStream) -> RunOutcome:
    """Return the outcome of a stream that is over without an error."""
    state = RunState.ENDED_EARLY if stream.ended_early else RunState.COMPLETED
    fields = what_came(stream.usage, stream.finish_reason, stream.request_id, stream.limits)
    return RunOutcome(state, fields, stream.limits)


def from_answer(answer: ChatAnswer) -> RunOutcome:
    """Return the outcome of a whole answer."""
    fields = what_came(answer.usage, answer.finish_reason, answer.request_id, answer.limits)
    return RunOutcome(RunState.COMPLETED, fields, answer.limits)


def from_error(error: RaxError, *, has_text: bool) -> RunOutcome:
    """Return the outcome of an error: a stream cut in mid-answer ended early, anything else failed."""
    cut = isinstance(error, ConnectionLostError) and has_text
    fields = {
        "error_kind": str(error.kind),
        "error_message": words_for(error),
        "error_status": error.status_code,
        "error_code": (error.code or "")[:200],
        "request_id": (error.request_id or "")[:200],
        "retry_after_seconds": error.retry_after_seconds,
        "maybe_billed": error.maybe_billed,
        "limits": limits_as_json(error.limits),
    }
    return RunOutcome(RunState.ENDED_EARLY if cut else RunState.FAILED, fields, error.limits)


def what_came(
    usage: Usage | None, finish_reason: str | None, request_id: str | None, limits: Limits | None
) -> dict[str, Any]:
    """Return the columns for what the API said of an answer."""
    fields: dict[str, Any] = {
        "finish_reason": (finish_reason or "")[:40],
        "request_id": (request_id or "")[:200],
        "limits": limits_as_json(limits),
    }
    if usage:
        fields["prompt_tokens"], fields["completion_tokens"] = usage.prompt_tokens, usage.completion_tokens
        fields["tokens_reported"] = True
    return fields


def words_for(error: RaxError) -> str:
    """Return what happened in a sentence, then what the API said of it."""
    words = WORDS.get(error.kind, "The API could not be asked")
    if error.status_code:
        words += f" ({error.status_code})"
    said = error.provider_message.strip()
    if not said and isinstance(error, ValueError):
        said = str(error)
    return f"{words}: {said}" if said else f"{words}."


def limits_as_json(limits: Limits | None) -> dict[str, Any] | None:
    """Return the rate-limit headers of an answer for storing, or None where it had none."""
    if limits is None or not limits.is_known():
        return None
    values = asdict(limits)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }
