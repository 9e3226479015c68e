"""A run is written and launched in one go, whatever becomes of who asked for it."""

import asyncio
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from playground.editor.starting import Start
from playground.live.runner import runner

# asyncio itself keeps only weak references.
_going_on: set[asyncio.Task[Any]] = set()


async def begin[Answer](write: Callable[[], Answer], started: Callable[[Answer], Start | None]) -> Answer:
    """Return what `write` returns, carried out in the request's thread; launch what it started, if anything.

    A page that goes away meanwhile cancels its view: a run that was written would never be carried out.
    """

    async def write_and_launch() -> Answer:
        answer = await sync_to_async(write)()
        if (start := started(answer)) and start.order:
            await runner.launch(start.order)
        return answer

    task = asyncio.create_task(write_and_launch())
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)
    return await asyncio.shield(task)
