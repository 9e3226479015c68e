"""How runs of the demonstration ended: the simulator's answers, at the pace at which it streams them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from playground.live.outcome.estimates import estimated
from playground.live.outcome.outcomes import RunOutcome, Times, ended_by_us, from_error
from playground.live.outcome.tokens import Tokens
from playground.live.reaper import LOST_PROCESS
from playground.models import Run, RunState, StopCause
from playground.requests import Message
from rax import ConnectionLostError, Kind, RateLimitError, RawAnswer, ServerError
from rax.simulator.catalogue import DEFAULT_MODELS
from rax.simulator.chat import parse_chat
from rax.simulator.demo import NEW, OLD
from rax.simulator.errors import error_body
from rax.simulator.faults.words import REASONING, REFUSAL
from rax.simulator.generation import Generation
from rax.simulator.tokens import count_tokens
from raxdash.demonstration.prompts import End, Prompt

MODELS = {model.id: model for model in (*DEFAULT_MODELS, OLD, NEW)}
# How long a first token takes, and how many there are then in a second; a run's own, within these.
FIRST_TOKEN_MS, TOKENS_PER_SECOND = (310, 890), (44, 78)
LIMITED_SECONDS = 23


@dataclass(frozen=True, slots=True)
class Asked:
    """A run that was written, the messages that were sent for it, and when."""

    run: Run
    messages: list[Message]
    at: datetime

    @property
    def request_id(self) -> str:
        """The provider's id of the request."""
        return f"req_{self.run.idempotency_key.hex[:24]}"

    def chance(self, least: int, most: int) -> int:
        """A number that is the run's own."""
        return least + self.run.idempotency_key.int % (most - least + 1)


@dataclass(frozen=True, slots=True)
class Told:
    """What the provider would have told in the end, had nothing come in between."""

    answer: str
    tokens: Tokens
    finish_reason: str


def outcome_of(asked: Asked, prompt: Prompt) -> RunOutcome:
    """How a run ended, with what it took."""
    outcome = ENDS[prompt.end](asked, told(asked, prompt))
    outcome = replace(outcome, request_id=asked.request_id, headers=headers_of(asked, outcome))
    times = times_of(asked, outcome, prompt.stall_ms)
    return replace(outcome, times=times, finished_at=asked.at + timedelta(milliseconds=times.duration_ms))


def told(asked: Asked, prompt: Prompt) -> Told:
    """What the simulator answers, or what it is told to."""
    wanted = {name: value for name, value in asked.run.parameters.items() if name != "stream"}
    messages = [message.as_sent() for message in asked.messages]
    body = {"model": asked.run.model, "messages": messages, **wanted}
    generation = Generation(parse_chat(body, MODELS, "accept"), asked.request_id, asked.at)
    answer = prompt.answer or "".join(generation.tokens)
    tokens = Tokens(generation.request.prompt_tokens, count_tokens(answer), is_reported=True)
    return Told(answer, tokens, "stop" if prompt.answer else generation.finish_reason)


def whole(_: Asked, told: Told) -> RunOutcome:
    """The answer came to its end."""
    return RunOutcome(RunState.COMPLETED, told.answer, finish_reason=told.finish_reason, tokens=told.tokens)


def thoughtful(asked: Asked, told: Told) -> RunOutcome:
    """The model thought aloud before."""
    thought = count_tokens(REASONING)
    tokens = replace(told.tokens, completion=told.tokens.completion + thought, reasoning=thought)
    return replace(whole(asked, told), reasoning=REASONING, tokens=tokens)


def refused(asked: Asked, told: Told) -> RunOutcome:
    """The model would not answer."""
    tokens = replace(told.tokens, completion=count_tokens(REFUSAL))
    return replace(whole(asked, told), answer="", refusal=REFUSAL, tokens=tokens)


def stopped(asked: Asked, told: Told) -> RunOutcome:
    """Its author pressed Stop: nobody reported what had been used by then."""
    return partly(asked, told, RunOutcome(RunState.STOPPED, stopped_by=asked.run.author_id))


def cut_off(asked: Asked, told: Told) -> RunOutcome:
    """The connection broke in the middle of the answer."""
    error = ConnectionLostError(
        "The connection broke before the answer was whole.", kind=Kind.CONNECTION_LOST, maybe_billed=True
    )
    return partly(asked, told, from_error(error, has_text=True))


def lost(asked: Asked, told: Told) -> RunOutcome:
    """The server went away meanwhile."""
    return partly(asked, told, ended_by_us(RunState.INTERRUPTED, StopCause.SERVER_LOST, LOST_PROCESS))


def partly(asked: Asked, told: Told, outcome: RunOutcome) -> RunOutcome:
    """An end with as much of the answer as had come: three of five parts, about."""
    answer = told.answer[: len(told.answer) * 3 // 5]
    tokens = estimated([message.content for message in asked.messages], answer)
    return replace(outcome, answer=answer, tokens=tokens)


def limited(asked: Asked, _: Told) -> RunOutcome:
    """The key had asked too often."""
    message = f"Rate limit exceeded: requests per minute. Retry after {LIMITED_SECONDS} s."
    return failed(asked, RateLimitError, Kind.RATE_LIMITED, 429, message)


def broken(asked: Asked, _: Told) -> RunOutcome:
    """The provider failed."""
    return failed(asked, ServerError, Kind.SERVER_ERROR, 500, "The server had an error. Try again.")


def failed(
    asked: Asked, error_class: type[RateLimitError | ServerError], kind: Kind, status: int, message: str
) -> RunOutcome:
    """The API answered with an error."""
    body = error_body(status, message)
    sent = json.dumps(body)
    error = error_class(
        f"The API answered {status} ({body['error']['code']}): {message}",
        kind=kind,
        status_code=status,
        code=body["error"]["code"],
        type=body["error"]["type"],
        request_id=asked.request_id,
        retry_after_seconds=LIMITED_SECONDS if kind is Kind.RATE_LIMITED else None,
        body=sent,
        provider_message=message,
        answer=RawAnswer(status, {}, asked.at, sent.encode()),
        maybe_billed=kind is Kind.SERVER_ERROR,
    )
    return from_error(error, has_text=False)


def headers_of(asked: Asked, outcome: RunOutcome) -> dict[str, str]:
    """The headers of the answer."""
    content = "application/json" if outcome.error.status else "text/event-stream"
    return {"content-type": content, "x-request-id": asked.request_id}


def times_of(asked: Asked, outcome: RunOutcome, stall_ms: int = 0) -> Times:
    """How long it took, at a pace of its own, with a time in which nothing came."""
    first_ms = asked.chance(*FIRST_TOKEN_MS)
    if not outcome.written:
        return Times(first_ms)
    tokens_per_second = asked.chance(*TOKENS_PER_SECOND)
    thought_ms = count_tokens(outcome.reasoning) * 1000 // tokens_per_second
    writing_ms = (
        thought_ms + count_tokens(outcome.answer + outcome.refusal) * 1000 // tokens_per_second + stall_ms
    )
    return Times(first_ms + writing_ms, first_ms, thought_ms or None, writing_ms)


ENDS: dict[End, Callable[[Asked, Told], RunOutcome]] = {
    End.WHOLE: whole,
    End.THOUGHTFUL: thoughtful,
    End.REFUSED: refused,
    End.STOPPED: stopped,
    End.CUT_OFF: cut_off,
    End.LIMITED: limited,
    End.BROKEN: broken,
    End.LOST: lost,
}
