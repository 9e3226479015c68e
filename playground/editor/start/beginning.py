"""A run is written and launched in one go, whatever becomes of who asked for it, or of the server."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from asgiref.sync import sync_to_async
from django.utils import timezone

from playground.editor.start.starting import Start
from playground.live.ends import store_end
from playground.live.orders import Order
from playground.live.outcomes import ended_by_us
from playground.live.runner import NotStarted, runner
from playground.live.storage import in_database
from playground.models import RunState, StopCause

logger = logging.getLogger(__name__)

NOT_SENT = ended_by_us(
    RunState.INTERRUPTED,
    StopCause.SERVER_STOPPED,
    "The server was stopped before this run began. Nothing was sent.",
)


async def begin[Answer](write: Callable[[], Answer], started: Callable[[Answer], Iterable[Start]]) -> Answer:
    """Return what `write` returns, carried out in the request's thread; launch what it started, if anything.

    Whatever cancels the view meanwhile, runs that were written are carried out. A server that stops waits.
    """

    async def write_and_launch() -> Answer:
        answer = await sync_to_async(write)()
        for start in started(answer):
            if start.order:
                await launch(start.order)
        return answer

    task = asyncio.create_task(write_and_launch())
    runner.expect(task)
    return await asyncio.shield(task)


async def launch(order: Order) -> None:
    """Begin to carry out an order; where the server has stopped meanwhile, say that of its run."""
    try:
        await runner.launch(order)
    except NotStarted:
        logger.warning("Run %s was written while the server stopped: it is not sent", order.run_id)
        await in_database(lambda: store_end(order, replace(NOT_SENT, finished_at=timezone.now())))
