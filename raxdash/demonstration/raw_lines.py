"""What the simulator would have sent for runs of the demonstration, line by line, each at its time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from playground.live.outcome.outcomes import RunOutcome, Times
from playground.models import Run, RunState
from rax import Recorder, Recording
from rax.simulator.generation import DONE, frame
from rax.simulator.tokens import split_tokens

# In which share of an answer nothing comes for a while, if it stalls.
STALL_AT = 0.4


def is_kept(run: Run, at: datetime, now: datetime) -> bool:
    """Tell whether a team still has what came for a run that began then."""
    days = run.team.keep_raw_lines_days
    return not days or at >= now - timedelta(days=days)


def recorded(run: Run, outcome: RunOutcome, stall_ms: int = 0) -> Recording | None:
    """Return what was heard until a run ended like this, of which nothing came for `stall_ms` in its midst;
    None where nothing came at all."""
    if outcome.times is None:
        return None
    at_ms = 0
    recorder = Recorder(lambda: at_ms / 1000)
    recorder.begin(None)
    for at_ms, data in reads(run, outcome, outcome.times, stall_ms):  # noqa: B007 - the recorder's clock
        recorder.hear(data)
    return recorder.finish()


def reads(run: Run, outcome: RunOutcome, times: Times, stall_ms: int) -> Iterator[tuple[int, bytes]]:
    """Yield what came with the milliseconds after which it did."""
    if outcome.error.status:
        yield times.duration_ms, outcome.error.body.encode()
        return
    deltas = list(deltas_of(outcome))
    first = times.first_token_ms or 0
    writing = times.duration_ms - first - stall_ms
    for number, delta in enumerate(deltas):
        share = number / len(deltas)
        yield first + round(writing * share) + (stall_ms if share > STALL_AT else 0), chunk(run, delta)
    if outcome.state == RunState.COMPLETED:
        yield times.duration_ms, chunk(run, {}, outcome.finish_reason) + usage(run, outcome) + DONE


def deltas_of(outcome: RunOutcome) -> Iterator[dict[str, str]]:
    """Yield what each event adds to the answer."""
    yield {"role": "assistant"}
    for name, text in (
        ("reasoning_content", outcome.reasoning),
        ("content", outcome.answer),
        ("refusal", outcome.refusal),
    ):
        yield from ({name: token} for token in split_tokens(text))


def chunk(run: Run, delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    """One event of the stream."""
    return event(run, choices=[{"index": 0, "delta": delta, "finish_reason": finish_reason}])


def usage(run: Run, outcome: RunOutcome) -> bytes:
    """The event that tells what was used."""
    tokens = outcome.tokens
    counted = {"prompt_tokens": tokens.prompt, "completion_tokens": tokens.completion} if tokens else {}
    return event(run, choices=[], usage={**counted, "total_tokens": sum(counted.values())})


def event(run: Run, **fields: object) -> bytes:
    """An event of the stream of a run."""
    head = {"id": f"chatcmpl-{run.idempotency_key.hex[:24]}", "object": "chat.completion.chunk"}
    head["model"] = run.model
    return frame({**head, "created": int(run.created_at.timestamp()), **fields})
