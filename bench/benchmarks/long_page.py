"""Whether a token's cost grows with the answer in the page too: Chromium's work for the last tenth of 200 KB.

The answer comes at 200 chunks a second. What is counted is the time that the page spends on tasks of all
kinds, by the browser's own clock, for as much text at the end as at the beginning.
"""

import asyncio

from playwright.async_api import Browser, CDPSession, async_playwright

from bench.browsers import opened
from bench.figures import Bounds, Figure
from bench.measures import middle
from bench.paced import PIECES, Order
from bench.people import TEAM, Person, run_all
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming
from tests.browser import launch_options

NAME = "Streaming: long answers in a page"
PER_SECOND = 200.0
# Ten rounds of the upstream's text, of some 200 KB: the first and the last are of the same words.
ROUNDS = 10
SETTLE_MS = 1_000
MOST_TIMES_FIRST = 1.1


def measure(scale: Scale) -> list[Figure]:
    """Return what the page does for the last round of a long answer beside the first."""
    count = scale.of(ROUNDS, 2)
    with streaming(1) as stage:
        found = asyncio.run(rounds(stage, count, scale.runs))
    first, last = (middle([one[place] for one in found]) * 1000 / PIECES for place in (0, 1))
    return [
        Figure(
            f"a chunk of the last {PIECES:,} of {count * PIECES:,}",
            last,
            "ms",
            first,
            "first",
            bound=MOST_TIMES_FIRST,
            bounds=Bounds.RATIO,
        )
    ]


async def rounds(stage: Stage, count: int, runs: int) -> list[tuple[float, float]]:
    """Return the seconds of a page's tasks in the first and the last round of an answer, so many times."""
    async with signed_in(stage, 1) as people, async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        orders = [Order(f"page{number}", 0, count * PIECES, PER_SECOND) for number in range(runs)]
        found = [await once(stage, browser, people[0], order) for order in orders]
        await browser.close()
    return found


async def once(stage: Stage, browser: Browser, person: Person, order: Order) -> tuple[float, float]:
    """Return the seconds of a page's tasks while the first, and while the last round of its answer comes."""
    ((_, run),) = await run_all([person], [order.model])
    page = await opened(
        browser, person, stage.installation.url, f"{TEAM}playground/?conversation={run.conversation}"
    )
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    await stage.until_waiting(1)
    await page.wait_for_timeout(SETTLE_MS)
    before = stage.stats()["sent"]
    stage.open_gate(order.gate)
    first = await spent(stage, session, before, before + PIECES)
    last = await spent(stage, session, before + order.chunks - PIECES, before + order.chunks)
    await page.context.close()
    return first, last


async def spent(stage: Stage, session: CDPSession, begin: int, end: int) -> float:
    """Return the seconds of a page's tasks between two numbers of chunks that the upstream has sent."""
    await stage.until("sent", begin)
    before = await task_seconds(session)
    await stage.until("sent", end)
    return await task_seconds(session) - before


async def task_seconds(session: CDPSession) -> float:
    """Return how long the page's main thread has worked."""
    found = await session.send("Performance.getMetrics")
    return next(float(one["value"]) for one in found["metrics"] if one["name"] == "TaskDuration")
