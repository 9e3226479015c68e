"""What is stored of a run that ended, in the words of those who read it."""

import pytest

from playground.live.outcome.outcomes import RunOutcome, from_error
from playground.models import RunState
from rax import ConnectionLostError, Kind, RateLimitError, RawAnswer, ServerError

LOST = ConnectionLostError("The connection broke.", kind=Kind.CONNECTION_LOST, maybe_billed=True)
SLOW_DOWN = RateLimitError(
    "Refused.",
    kind=Kind.RATE_LIMITED,
    status_code=429,
    code="rate_limit_exceeded",
    provider_message="Slow down",
    retry_after_seconds=7.0,
)


def test_a_connection_lost_before_the_first_word_fails() -> None:
    assert from_error(LOST, has_text=False).state == RunState.FAILED


def test_a_connection_lost_after_the_first_word_ends_a_run_early() -> None:
    assert from_error(LOST, has_text=True).state == RunState.ENDED_EARLY
    assert from_error(SLOW_DOWN, has_text=True).state == RunState.FAILED


def test_an_error_says_what_happened_then_its_status_then_the_provider_s_words() -> None:
    columns = from_error(SLOW_DOWN, has_text=False).columns()
    assert columns["error_message"] == "Too many requests or tokens for this key right now (429): Slow down"
    assert (columns["error_status"], columns["error_code"]) == (429, "rate_limit_exceeded")
    assert (columns["retry_after_seconds"], columns["maybe_billed"]) == (7.0, False)
    assert from_error(LOST, has_text=True).columns()["maybe_billed"]


def test_what_the_api_sent_of_its_failure_is_kept_with_its_headers() -> None:
    answer = RawAnswer(502, {"server": "gateway"}, None, b"<h1>Bad gateway</h1>")
    error = ServerError(
        "Failed.", kind=Kind.SERVER_ERROR, status_code=502, body="<h1>Bad gateway</h1>", answer=answer
    )
    columns = from_error(error, has_text=False).columns()
    assert columns["error_body"] == "<h1>Bad gateway</h1>"
    assert columns["response_headers"] == {"server": "gateway"}


def test_the_status_that_was_sent_is_kept_and_what_helps() -> None:
    in_mid_stream = ServerError(
        "Failed.",
        kind=Kind.SERVER_ERROR,
        status_code=503,
        code="503",
        type="overloaded",
        param="model",
        answer=RawAnswer(200, {}, None),
    )
    columns = from_error(in_mid_stream, has_text=True).columns()
    told = {
        name: columns[f"error_{name}"] for name in ("status", "code", "type", "param", "remedy", "message")
    }
    assert told == {
        "status": 200,
        "code": "503",
        "type": "overloaded",
        "param": "model",
        "remedy": "again",
        "message": "The API failed.",
    }


def test_of_a_failure_two_thousand_characters_are_kept() -> None:
    error = RateLimitError("Refused.", kind=Kind.RATE_LIMITED, body="x" * 3_000)
    assert from_error(error, has_text=False).columns()["error_body"] == "x" * 2_000


def test_a_run_that_no_answer_came_for_has_no_headers() -> None:
    assert from_error(LOST, has_text=False).columns()["response_headers"] is None


@pytest.mark.parametrize("state", RunState)
def test_what_we_did_not_wait_for_counts_as_spent(state: RunState) -> None:
    assert RunOutcome(state).is_spent == (state in {RunState.STOPPED, RunState.INTERRUPTED})
