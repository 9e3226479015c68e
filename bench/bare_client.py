"""The least that a Python process can do to learn the counters of many keys: ask, and read the JSON.

No deadlines, no checks, no limits, nothing stored. What a poll costs beyond this is raxdash's own.
"""

import asyncio
import time
from collections.abc import Iterable

import aiohttp
import orjson
import uvloop

# As many as the worker asks of one host (usage.polls.asking.PER_HOST).
AT_ONCE = 64


def cpu_of_a_question(port: int, keys: int) -> float:
    """Return the CPU seconds that asking for the usage of one key costs this process, of so many asked."""
    return uvloop.run(_ask(port, keys))


async def _ask(port: int, keys: int) -> float:
    waiting = iter([f"Bearer rax_bare_{number}" for number in range(keys)])
    # Its own deadlines are off: the worker's are part of what it is held to.
    timeout = aiohttp.ClientTimeout()
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
        url = f"http://127.0.0.1:{port}/v1/usage"
        await _ask_in_turn(session, url, [next(waiting)])  # the first of all makes what the others share
        started = time.process_time()
        await asyncio.gather(*(_ask_in_turn(session, url, waiting) for _ in range(AT_ONCE)))
        return (time.process_time() - started) / (keys - 1)


async def _ask_in_turn(session: aiohttp.ClientSession, url: str, waiting: Iterable[str]) -> None:
    for authorization in waiting:
        async with session.get(url, headers={"Authorization": authorization}) as answer:
            orjson.loads(await answer.read())
