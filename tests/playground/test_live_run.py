"""A live run takes what arrives, up to a bound."""

import asyncio
from uuid import uuid4

from playground.models import State
from playground.runner import LONGEST_TEXT, TOO_LONG, LiveRun, Order
from playground.spending import Spending
from playground.this_log import log
from teams.models import Key


def order() -> Order:
    run_id = uuid4()
    spending = Spending(run_id, Key(name="Main key"), "rax-4.0", [], None)
    return Order(run_id, "http://127.0.0.1:9/v1", "rax-4.0", [], {}, lambda: "rax_key", spending)


async def test_an_answer_without_an_end_is_ended() -> None:
    live = LiveRun(order())
    await log.open(live.id)

    async def endless() -> None:
        while True:
            await live.take("x" * 300_001)
            await asyncio.sleep(0)

    live.task = asyncio.create_task(endless())
    await asyncio.wait([live.task])
    assert live.task.cancelled()
    assert len(live.text) == LONGEST_TEXT
    assert live._ending is not None
    assert (live._ending.state, live._ending.fields["error_message"]) == (State.ENDED_EARLY, TOO_LONG)
