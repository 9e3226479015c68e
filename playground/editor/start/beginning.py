"""A run is written and launched in one go, whatever becomes of who asked for it, or of the server."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from asgiref.sync import async_to_sync
from django.utils import timezone

from playground.editor.start.starting import Start
from playground.live.ends import store_end
from playground.live.outcome.orders import Order
from playground.live.outcome.outcomes import ended_by_us
from playground.live.runner import NotStarted, runner
from playground.live.storage import in_database
from playground.models import RunState, StopCause

logger = logging.getLogger(__name__)

NOT_SENT = ended_by_us(
    RunState.INTERRUPTED,
    StopCause.SERVER_STOPPED,
    "The server was stopped before this run began. Nothing was sent.",
)


def begin[Answer](write: Callable[[], Answer], started: Callable[[Answer], Iterable[Start]]) -> Answer:
    """Return what `write` returns, carried out in this thread; launch what it started, on the event loop.

    Whatever becomes of who waits for the answer, runs that were written are carried out: nothing cancels a
    thread. A server that stops waits.
    """
    with runner.starting():
        answer = write()
        if orders := [start.order for start in started(answer) if start.order]:
            async_to_sync(launch_all)(orders)
        return answer


async def launch_all(orders: Iterable[Order]) -> None:
    """Begin to carry out orders. What cancels the request that waits for it does not cancel that."""
    await asyncio.shield(asyncio.gather(*map(launch, orders)))


async def launch(order: Order) -> None:
    """Begin to carry out an order; where the server has stopped meanwhile, say that of its run."""
    try:
        await runner.launch(order)
    except NotStarted:
        logger.warning("Run %s was written while the server stopped: it is not sent", order.run_id)
        await in_database(lambda: store_end(order, replace(NOT_SENT, finished_at=timezone.now())))
