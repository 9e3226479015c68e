"""What becomes of a run: its one end, with everything that is stored of it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from playground.live.log.said import LONGEST_TEXT
from playground.live.log.storable import storable
from playground.live.outcome.error_words import words_for
from playground.live.outcome.tokens import Tokens, columns_of, reported
from playground.models import NO_WORDS, Note, RunQuerySet, RunState, StopCause
from playground.requests import KeptRequest
from rax import ChatAnswer, ChatStream, ConnectionLostError, Kind, Limits, RawAnswer, RaxError, Recording
from teams.error_words import remedy_for

# How much is kept of what the API sent of a failure.
BODY_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Times:
    """How long an answer took since its request went out.

    If it was streamed: how long until its first piece, how long it thought aloud, and how long it was from
    its first piece to its last.
    """

    duration_ms: int
    first_token_ms: int | None = None
    reasoning_ms: int | None = None
    writing_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ErrorDetails:
    """Why a run has no whole answer: `message` is for people, `body` what the API sent. Empty if it has.

    `status` is the HTTP status that was sent, if any was, 200 for an error in mid-stream; `code`, `type` and
    `param` are the API's own; `remedy` is what helps.
    """

    kind: str = ""
    message: str = ""
    status: int | None = None
    code: str = ""
    type: str = ""
    param: str = ""
    remedy: str = ""
    retry_after_seconds: float | None = None
    maybe_billed: bool = False
    body: str = ""

    @property
    def is_rate_limit(self) -> bool:
        """Whether the API asks for a pause."""
        return self.kind == Kind.RATE_LIMITED


NO_ERROR = ErrorDetails()
NOT_STORABLE = ErrorDetails("not_storable", "The answer holds something that the database does not take.")


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended. `tokens` and `times` are None where nothing was sent or counted."""

    state: RunState
    answer: str = ""
    reasoning: str = ""
    refusal: str = ""
    tool_calls: list[dict[str, str]] | None = None
    finish_reason: str = ""
    request_id: str = ""
    tokens: Tokens | None = None
    times: Times | None = None
    error: ErrorDetails = NO_ERROR
    notes: Mapping[Note, int] | None = None
    limits: Limits | None = None
    headers: Mapping[str, str] | None = None
    # None where the row says already who asked for a stop, and where nobody did.
    stop_cause: StopCause | None = None
    # The id of the user who pressed Stop, where the row does not say so already.
    stopped_by: int | None = None
    # None where it was sent as the row says.
    request: KeptRequest | None = None
    # What came, line by line.
    recording: Recording | None = None
    finished_at: datetime | None = None

    @property
    def written(self) -> str:
        """All that the model wrote, for estimates of what that was."""
        arguments = [call["name"] + call["arguments"] for call in self.tool_calls or ()]
        return "".join([self.reasoning, self.answer, self.refusal, *arguments])

    @property
    def is_spent(self) -> bool:
        """Whether a request that was sent counts as spent although nothing came back: we did not wait."""
        return self.state in {RunState.STOPPED, RunState.INTERRUPTED}

    def columns(self) -> dict[str, Any]:
        """Return what the run's row says of its end, beside its state."""
        times, error, known = self.times, self.error, columns_of(self.tokens)
        if self.stop_cause:
            known["stop_cause"] = self.stop_cause
        if self.request:
            known |= {"request": self.request.text, "request_digest": self.request.digest}
        columns = known | {
            "answer": self.answer,
            "reasoning": self.reasoning,
            "refusal": self.refusal,
            "tool_calls": self.tool_calls,
            "finish_reason": self.finish_reason[:40],
            "request_id": self.request_id[:200],
            "duration_ms": times and times.duration_ms,
            "time_to_first_token_ms": times and times.first_token_ms,
            "reasoning_ms": times and times.reasoning_ms,
            "writing_ms": times and times.writing_ms,
            "notes": None if self.notes is None else {str(note): count for note, count in self.notes.items()},
            "error_kind": error.kind,
            "error_message": error.message,
            "error_body": error.body[:BODY_CHARS],
            "error_status": error.status,
            "error_code": error.code[:200],
            "error_type": error.type[:200],
            "error_param": error.param[:200],
            "error_remedy": error.remedy,
            "retry_after_seconds": error.retry_after_seconds,
            "maybe_billed": error.maybe_billed,
            "response_headers": self.headers and dict(self.headers),
            "limits": limits_as_json(self.limits),
            "finished_at": self.finished_at or timezone.now(),
        }
        return {name: storable(value) for name, value in columns.items()}

    def versions(self) -> Iterator["RunOutcome"]:
        """Yield the outcome, then without what came from outside beside the answer, then without that too.

        A database may refuse a value for reasons of its own; that must not cost the run its end.
        """
        yield self
        error = replace(self.error, code="", type="", param="", body="", retry_after_seconds=None)
        less = replace(self, finish_reason="", request_id="", headers=None, limits=None, request=None)
        less = replace(less, error=error, stopped_by=None, recording=None)
        yield less
        yield replace(less, answer="", reasoning="", refusal="", tool_calls=None, error=NOT_STORABLE)


def store(runs: RunQuerySet, outcome: RunOutcome) -> bool:
    """End those of these runs that are live; tell whether there was one.

    Where the words were erased while a run went on, it ends without any.
    """
    name_who_stopped(runs.live(), outcome)
    columns = outcome.columns()
    return bool(
        runs.with_words().end(outcome.state, **columns) or runs.end(outcome.state, **{**columns, **NO_WORDS})
    )


def correct(runs: RunQuerySet, outcome: RunOutcome) -> bool:
    """Let the true end of these runs stand where they were taken for lost; tell whether one was."""
    lost = runs.taken_for_lost()
    columns = {"stop_cause": "", **outcome.columns(), "state": outcome.state}
    is_done = bool(lost.with_words().update(**columns) or lost.update(**{**columns, **NO_WORDS}))
    if is_done:
        name_who_stopped(runs.filter(stop_cause=""), outcome)
    return is_done


def name_who_stopped(runs: RunQuerySet, outcome: RunOutcome) -> None:
    """Write down who pressed Stop, where that could not be written when they did."""
    if outcome.state == RunState.STOPPED and outcome.stop_cause is None:
        told = {"stop_cause": StopCause.MEMBER, "stopped_by": outcome.stopped_by}
        at = outcome.finished_at or timezone.now()
        runs.filter(stop_requested_at=None).update(stop_requested_at=at, **told)
        runs.filter(stop_cause="").update(stop_cause=StopCause.MEMBER)


def from_end(told: ChatStream | ChatAnswer) -> RunOutcome:
    """Return the outcome of an answer that is over without an error."""
    return RunOutcome(RunState.ENDED_EARLY if told.ended_early else RunState.COMPLETED)


def with_what_was_told(outcome: RunOutcome, told: ChatStream | ChatAnswer) -> RunOutcome:
    """Return an outcome, whatever it is, with what the API had told beside its words."""
    return replace(
        outcome,
        tool_calls=tools_of(told),
        finish_reason=told.finish_reason or "",
        request_id=outcome.request_id or told.request_id or "",
        tokens=reported(told.usage),
        notes=notes_of(told),
        limits=outcome.limits or told.limits,
        headers=outcome.headers or headers_of(told.answer),
    )


def tools_of(told: ChatStream | ChatAnswer) -> list[dict[str, str]] | None:
    """Return the tools that the model asked for, with as much of their arguments as is kept."""
    room, kept = LONGEST_TEXT, []
    for call in told.tool_calls:
        kept.append({"id": (call.id or "")[:200], "name": call.name, "arguments": call.arguments[:room]})
        room -= len(kept[-1]["arguments"])
    return kept or None


def notes_of(told: ChatStream | ChatAnswer) -> dict[Note, int] | None:
    """Return what is to be said beside an answer; None where there is nothing."""
    notes = {
        Note.UNREADABLE_EVENTS: told.unreadable_events,
        Note.CHOICES: told.choices if told.choices > 1 else 0,
        Note.TOKENS_NOT_BELIEVED: told.unbelieved_tokens or 0,
    }
    return {note: number for note, number in notes.items() if number} or None


def from_error(error: RaxError, *, has_text: bool) -> RunOutcome:
    """Return the outcome of an error: a stream cut in mid-answer ended early, anything else failed."""
    cut = isinstance(error, ConnectionLostError) and has_text
    details = ErrorDetails(
        kind=str(error.kind),
        message=words_for(error),
        status=error.answer.status_code if error.answer else error.status_code,
        code=error.code or "",
        type=error.type or "",
        param=error.param or "",
        remedy=remedy_for(error),
        retry_after_seconds=error.retry_after_seconds,
        maybe_billed=error.maybe_billed,
        body=error.body,
    )
    return RunOutcome(
        RunState.ENDED_EARLY if cut else RunState.FAILED,
        request_id=error.request_id or "",
        error=details,
        limits=error.limits,
        headers=headers_of(error.answer),
    )


def ended_by_us(state: RunState, cause: StopCause, message: str) -> RunOutcome:
    """Return the outcome of a run that we did not wait for, and why, also in words."""
    return RunOutcome(state, error=ErrorDetails(message=message), stop_cause=cause)


def headers_of(answer: RawAnswer | None) -> Mapping[str, str] | None:
    """Return the headers of an answer, if there was one."""
    return answer.headers if answer else None


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
