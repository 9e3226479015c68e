"""How long a run waits for the API, and what its failure says. Silence is scripted, deadlines are small."""

import asyncio

import pytest

from playground.live.log.frames import Pace
from playground.live.outcome.deadlines import longest_seconds, words_for_deadline
from playground.live.outcome.error_words import words_for
from playground.live.outcome.outcomes import RunOutcome, from_error
from playground.models import RunState
from rax import ConnectError, Deadline, DeadlineError, Kind, RaxError, Timeouts
from teams.models import Key
from tests.playground.live.scripted import asking
from tests.rax.wire import delta, event, stream_head

SOON = 0.05


async def outcome_of(steps: list[bytes | float], timeouts: Timeouts) -> RunOutcome:
    """Return what becomes of a run whose server says this, and then nothing."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for step in steps:
            if isinstance(step, bytes):
                writer.write(step)
            else:
                await asyncio.sleep(step)
        await reader.read()
        writer.close()

    async with asking(answer, timeouts=timeouts) as (live, connections):
        try:
            return await live._ask(connections, Pace())
        except RaxError as error:
            return from_error(error, has_text=False)


async def test_an_api_that_keeps_the_connection_alive_is_waited_for() -> None:
    signs: list[bytes | float] = [b": keep-alive\n\n", 0.02] * 30
    said = [event(delta("Hello")), event(delta(finish="stop")), event("[DONE]")]
    outcome = await outcome_of([stream_head(), *signs, *said], Timeouts(first_token_seconds=0.5))
    assert outcome.state == RunState.COMPLETED


async def test_a_failure_names_the_deadline_its_number_and_the_field_to_raise() -> None:
    outcome = await outcome_of([], Timeouts(first_token_seconds=SOON))
    assert outcome.state == RunState.FAILED
    assert outcome.error.message.startswith("The API sent nothing for ")
    assert outcome.error.message.endswith("Raise “First token” for this key to wait longer.")


@pytest.mark.parametrize(
    ("deadline", "seconds", "words"),
    [
        (
            Deadline.FIRST_TOKEN,
            600,
            "The API sent nothing for 10 min before its first token. Raise “First token”",
        ),
        (Deadline.BETWEEN_TOKENS, 90, "The API sent nothing for 1 min 30 s in the middle of its answer."),
        (Deadline.WHOLE, 1800, "The answer was not whole after 30 min. Raise “Whole answer” for this key"),
    ],
)
def test_each_deadline_has_its_words(deadline: Deadline, seconds: float, words: str) -> None:
    assert words_for(DeadlineError(deadline, seconds)).startswith(words)


def test_a_connection_that_was_not_made_in_time_has_words_too() -> None:
    error = ConnectError("…", kind=Kind.CONNECT_TIMEOUT)
    assert words_for_deadline(error) == ""
    error.deadline, error.seconds = Deadline.CONNECT, 10
    assert words_for(error).startswith("No connection to the API was made within 10 s. Raise “Connect”")


def test_a_run_waits_as_its_key_says_and_else_as_everywhere(settings) -> None:
    settings.RUN_WHOLE_SECONDS, settings.RUN_CONNECT_SECONDS = 900, 3
    key = Key(whole_seconds=7_200)
    assert (key.timeouts().whole_seconds, key.timeouts().connect_seconds) == (7_200, 3)
    assert [longest_seconds(key), longest_seconds(Key()), longest_seconds(None)] == [7_200, 900, 900]
