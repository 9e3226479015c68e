"""What was sent for a run can be put together again, byte for byte, while its words are there."""

import asyncio
import json
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from playground.editor.start.starting import Start, Wish, start
from playground.history.erasing import erase_all
from playground.live.log.frames import Pace
from playground.live.outcome.outcomes import RunOutcome, store
from playground.live.outcome.spending import Spending
from playground.live.process_log import log
from playground.live.reaper import reap
from playground.live.runner import LiveRun
from playground.models import Run, RunState
from playground.requests import ERASED, NOT_KEPT, OTHERWISE, NotAsSent, as_sent, count_messages
from rax import Connections
from teams.models import Key, Membership
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun
from tests.rax.wire import CHAT, answer, delta, event, stream_head

# Words that encoders may write in several ways, and numbers too.
AWKWARD = 'Żółw\n"quoted" \\ </script> \u2028 😀'
PARAMETERS = {"temperature": 0.1, "max_tokens": 7, "top_p": 1.0, "stop": ["\n\n", "end"], "stream": True}


@pytest.fixture
def wish(cast: Cast) -> Wish:
    return Wish(
        member=Membership.objects.get(user=cast.bob),
        key=cast.key,
        idempotency_key=uuid4(),
        model="rax-4.0",
        parameters=PARAMETERS,
        system_prompt="Be brief.",
        message=AWKWARD,
    )


def answered(started: Start, text: str = AWKWARD) -> Run:
    """Return a run that was answered so."""
    store(Run.objects.filter(pk=started.run.pk), RunOutcome(RunState.COMPLETED, answer=text))
    return Run.objects.get(pk=started.run.pk)


def go_on(wish: Wish, run: Run, **changes: Any) -> Start:
    """Start the next turn after a run."""
    return start(replace(wish, idempotency_key=uuid4(), conversation_id=run.conversation_id, **changes))


async def carried_out(started: Start, *answers: bytes) -> tuple[list[bytes], RunOutcome]:
    """Return the bodies that a server gets of an order, which answers so, and the run's outcome."""
    order, bodies, waiting = started.order, [], list(answers)
    assert order is not None
    spending = Spending(order.spending.spender, Key(), order.messages, None)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].split()[0])
        bodies.append(await reader.readexactly(length))
        writer.write(waiting.pop(0))
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    live = LiveRun(replace(order, base_url=url, spending=spending))
    await log.open(live.id)
    async with server, Connections(allow=("127.0.0.0/8",)) as connections, asyncio.timeout(60):
        outcome = await live._ask(connections, Pace())
    return bodies, replace(outcome, request=live._corrected_request())


STREAM = stream_head() + event(delta("One", finish="stop")) + event("[DONE]")
REFUSED = answer({"error": {"message": "Unknown field stream_options"}}, status=400, connection="close")


@pytest.mark.parametrize("stream", [True, False])
def test_it_is_what_the_server_gets_byte_for_byte(wish: Wish, stream: bool) -> None:
    first = answered(start(replace(wish, parameters={})))
    started = go_on(wish, first, parameters={**PARAMETERS, "stream": stream})
    bodies, outcome = asyncio.run(carried_out(started, STREAM if stream else answer(CHAT)))
    store(Run.objects.filter(pk=started.run.pk), outcome)
    run = Run.objects.get(pk=started.run.pk)
    assert [as_sent(run)] == bodies
    assert run.request_digest == sha256(bodies[0]).hexdigest()
    assert json.loads(bodies[0])["messages"][2] == {"role": "assistant", "content": AWKWARD}


def test_it_is_what_was_sent_in_the_end_where_the_server_refused_to_be_asked_for_usage(wish: Wish) -> None:
    started = start(wish)
    bodies, outcome = asyncio.run(carried_out(started, REFUSED, STREAM))
    assert as_sent(started.run) == bodies[0]
    store(Run.objects.filter(pk=started.run.pk), outcome)
    assert as_sent(Run.objects.get(pk=started.run.pk)) == bodies[1] != bodies[0]


def test_no_words_are_kept_twice(wish: Wish) -> None:
    run = answered(start(wish), "A turtle.")
    for turn in range(2, 5):
        run = answered(go_on(wish, run, message=f"Question {turn}"), f"Answer {turn}")
        assert "Question" not in run.request
        assert "Answer" not in run.request
        assert count_messages(run) == 2 * turn
    assert len(json.loads(as_sent(run))["messages"]) == 8


@pytest.mark.parametrize("column", ["message", "answer"])
def test_its_digest_proves_it(wish: Wish, column: str) -> None:
    first = answered(start(wish))
    second = go_on(wish, first).run
    Run.objects.filter(pk=first.pk).update(**{column: "Something else"})
    with pytest.raises(NotAsSent, match=OTHERWISE):
        as_sent(second)


def test_words_that_were_erased_cannot_be_put_together(wish: Wish) -> None:
    first = answered(start(wish))
    second = answered(go_on(wish, first))
    erase_all(Run.objects.filter(pk=first.pk), NOON)
    with pytest.raises(NotAsSent, match=ERASED):
        as_sent(second)
    with pytest.raises(NotAsSent, match=ERASED):
        as_sent(Run.objects.get(pk=first.pk))
    third = go_on(wish, second).run
    assert len(json.loads(as_sent(third))["messages"]) == 4


def test_of_a_run_of_the_version_before_it_is_not_known(make_run: MakeRun) -> None:
    run = make_run(messages=[{"role": "user", "content": "Hi"}])
    with pytest.raises(NotAsSent, match=NOT_KEPT):
        as_sent(run)
    assert count_messages(run) == 1


def test_what_cannot_be_sent_is_not_kept_as_sent(wish: Wish) -> None:
    run = start(replace(wish, parameters={"max_tokens": 2**70})).run
    assert (run.request, run.request_digest) == ("", "")


def test_a_lost_run_counts_all_it_had_sent(wish: Wish) -> None:
    first = answered(start(wish), "word " * 1_000)
    second = go_on(wish, first).run
    Run.objects.filter(pk=second.pk).update(lease_expires_at=NOON, state=RunState.RUNNING)
    assert reap(Run.objects.all(), NOON.replace(hour=13)) == 1
    second.refresh_from_db()
    assert second.prompt_tokens > 1_000
