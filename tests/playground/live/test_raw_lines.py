"""What a server sends is kept with a run's end, line by line, whatever that end is."""

import asyncio

import pytest

from playground.editor.start.starting import order_for
from playground.history.erasing import erase_all
from playground.live.ends import store_end
from playground.live.outcome.outcomes import RunOutcome
from playground.live.runner import LiveRun
from playground.models import RawLines, Run, RunState
from rax import Recording, read_recording
from tests.cast import Cast
from tests.playground.answers.recorded import recording_of
from tests.playground.conftest import NOON, MakeRun
from tests.playground.live.scripted import carried_out, until_said
from tests.rax.wire import answer, delta, event, stream_head

KEY = "rax_secret_0123456789"


def texts(recording: Recording | None) -> list[bytes]:
    assert recording is not None
    return [line.text for line in read_recording(recording.content)]


async def test_a_stream_is_kept_as_it_came() -> None:
    async def says(writer: asyncio.StreamWriter, _: object) -> None:
        writer.write(stream_head() + b": ping\n\n" + event(delta(f"It is {KEY}", finish="stop")))

    outcome, _ = await carried_out(says, key=KEY)
    assert outcome.state == RunState.COMPLETED
    lines = texts(outcome.recording)
    assert lines[0] == b": ping"
    assert b'"content": "It is ***"' in lines[2]


async def test_a_refusal_is_kept_too() -> None:
    async def says(writer: asyncio.StreamWriter, _: object) -> None:
        writer.write(answer({"error": {"message": f"No such key: {KEY}"}}, 401))

    outcome, _ = await carried_out(says, key=KEY)
    assert outcome.state == RunState.FAILED
    assert texts(outcome.recording) == [b'{"error": {"message": "No such key: ***"}}']


async def test_what_came_until_somebody_pressed_stop_is_kept() -> None:
    async def says(writer: asyncio.StreamWriter, live: LiveRun) -> None:
        writer.write(stream_head() + event(delta("One")))
        await until_said(live)
        live.end(RunOutcome(RunState.STOPPED))

    outcome, _ = await carried_out(says)
    assert outcome.state == RunState.STOPPED
    assert texts(outcome.recording)[0] == event(delta("One")).strip()


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    return make_run(state=RunState.RUNNING)


def end(cast: Cast, run: Run, **fields: object) -> None:
    outcome = RunOutcome(RunState.COMPLETED, answer="1", finished_at=NOON, **fields)  # type: ignore[arg-type]
    store_end(order_for(run, cast.key, []), outcome)


def test_they_are_stored_with_the_end(cast: Cast, run: Run) -> None:
    end(cast, run, recording=recording_of((7, b"data: 1\n")))
    end(cast, run, recording=recording_of((7, b"data: 2\n")))
    kept = RawLines.objects.get(run=run)
    assert (kept.size, kept.made_at, kept.is_withheld) == (8, NOON, False)
    assert [line.text for line in read_recording(bytes(kept.content))] == [b"data: 1"]


def test_nothing_is_stored_of_a_run_that_was_erased_meanwhile(cast: Cast, run: Run) -> None:
    erase_all(Run.objects.filter(pk=run.pk), NOON)
    end(cast, run, recording=recording_of((7, b"data: 1\n")))
    assert Run.objects.get(pk=run.pk).state != RunState.RUNNING
    assert not RawLines.objects.exists()


def test_nothing_is_stored_where_nothing_came(cast: Cast, run: Run) -> None:
    end(cast, run, recording=Recording())
    assert not RawLines.objects.exists()
