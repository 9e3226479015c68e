"""A run against a server that says what a test has written down."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest

from playground.live import runner
from playground.live.log.frames import Hold, Pace
from playground.live.log.log import Entry
from playground.live.outcome.orders import Order
from playground.live.outcome.outcomes import RunOutcome
from playground.live.outcome.spending import Spender, Spending
from playground.live.process_log import log
from playground.live.runner import LiveRun
from playground.requests import Message, Speaker
from rax import Connections, Timeouts
from teams.models import Key
from tests.rax.wire import answer, event, stream_head

type Serves = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
type Says = Callable[[asyncio.StreamWriter, LiveRun], Awaitable[None]]


class Quick(Pace):
    """A run goes on at once."""

    async def next(self, pieces: int, hold_until: Hold) -> None:
        await asyncio.sleep(0)


def order(
    port: int = 9, *, key: str = "rax_key", timeouts: Timeouts | None = None, **parameters: object
) -> Order:
    """A run of nobody, to be carried out with these parameters by a server of this machine."""
    run_id = uuid4()
    messages = [Message(Speaker.USER, "Hi", run_id)]
    spender = Spender(run_id, team_id=1, member_id=None, key_id=None, model="rax-4.0")
    return Order(
        run_id,
        f"http://127.0.0.1:{port}/v1",
        "rax-4.0",
        messages,
        parameters,
        lambda: key,
        Spending(spender, Key(name="Main key"), messages, None),
        timeouts or Timeouts(),
    )


@asynccontextmanager
async def asking(serves: Serves, **ordered: Any) -> AsyncIterator[tuple[LiveRun, Connections]]:
    """Yield a run that is to be streamed by a server which does this, and what it is carried out over."""
    server = await asyncio.start_server(serves, "127.0.0.1", 0)
    live = LiveRun(order(server.sockets[0].getsockname()[1], **{"stream": True, **ordered}))
    await log.open(live.id)
    async with server, Connections(allow=("127.0.0.0/8",)) as connections, asyncio.timeout(60):
        yield live, connections


async def carried_out(says: Says, **ordered: Any) -> tuple[RunOutcome, list[Entry]]:
    """Return how a run ends whose server says this, and what its readers saw."""
    stored: list[RunOutcome] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
        await says(writer, live)
        writer.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "store_end", lambda _, outcome: stored.append(outcome))
        async with asking(serve, **ordered) as (live, connections):
            live.task = asyncio.create_task(live.carry_out(connections, Quick()))
            await live.task
    return stored[0], await log.after(live.id, 0)


async def streamed(*events: dict | str, **headers: str) -> RunOutcome:
    """Return how a run ends whose server streams these events."""

    async def says(writer: asyncio.StreamWriter, live: LiveRun) -> None:
        writer.write(stream_head(**headers) + b"".join(map(event, events)))

    outcome, _ = await carried_out(says)
    return outcome


async def answered(body: dict) -> RunOutcome:
    """Return how a run ends whose server answers this as a whole."""

    async def says(writer: asyncio.StreamWriter, live: LiveRun) -> None:
        writer.write(answer(body, connection="close"))

    outcome, _ = await carried_out(says, stream=False)
    return outcome


def said(finish: str | None = None, index: int = 0, **delta: object) -> dict:
    """One chunk with this delta."""
    return {"id": "req_abc123", "choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


async def until_said(live: LiveRun) -> None:
    """Return when something has arrived."""
    while not live.said.chars:  # noqa: ASYNC110  a run sets no event
        await asyncio.sleep(0)
