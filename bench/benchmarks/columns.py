"""Four columns of one page: how late their chunks come, and how evenly a browser draws them.

The runs stand before the upstream's gate; two pages of the same four conversations open their one stream
each: a follower, which notes when each chunk comes, and Chromium, which counts the time between its frames.
"""

import asyncio

import orjson
from playwright.async_api import Browser, async_playwright

from bench.browsers import opened
from bench.figures import Bounds, Figure
from bench.followers import Followed, all_over, follow, get, post
from bench.measures import middle, percentile
from bench.paced import Order
from bench.people import TEAM, Person, run_all
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming
from tests.browser import launch_options

NAME = "Streaming: four columns of one page"
COLUMNS, PER_SECOND = 4, 50.0
# What a page does when it opens is another matter.
SETTLE_MS = 1_000
MOST_ADDED_MS, MOST_FRAME_MS = 30.0, 50.0
COUNT_FRAMES = """() => {
  window.frames_ms = [];
  let before = performance.now();
  const count = (now) => { window.frames_ms.push(now - before); before = now; requestAnimationFrame(count); };
  requestAnimationFrame(count);
}"""


def measure(scale: Scale) -> list[Figure]:
    """Return how late chunks come beside a client that asks the upstream itself, and Chromium's frames."""
    seconds = scale.of(10, 3)
    with streaming(COLUMNS) as stage:
        ours, direct, frames = asyncio.run(rounds(stage, seconds, scale.runs))
    what = f"{COLUMNS} columns × {PER_SECOND:g} chunks/s"
    return [
        Figure(
            f"{what}: a chunk (95th percentile)",
            middle(ours) * 1000,
            "ms",
            middle(direct) * 1000,
            "direct",
            bound=MOST_ADDED_MS,
            bounds=Bounds.DIFFERENCE,
        ),
        Figure(f"{what}: a frame (99th percentile)", middle(frames), "ms", bound=MOST_FRAME_MS),
    ]


async def rounds(stage: Stage, seconds: int, count: int) -> tuple[list[float], list[float], list[float]]:
    """Return late chunks of ours and direct, in seconds, and late frames, in milliseconds, of each round."""
    ours, direct, frames = [], [], []
    async with signed_in(stage, COLUMNS) as people, async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        for number in range(count):
            late, slow = await ours_once(stage, people[0], browser, orders(f"ours{number}", seconds))
            ours.append(late)
            frames.append(slow)
            direct.append(await direct_once(stage, orders(f"direct{number}", seconds)))
        await browser.close()
    return ours, direct, frames


def orders(gate: str, seconds: int) -> list[Order]:
    """Return the runs of the columns."""
    chunks = int(seconds * PER_SECOND)
    return [Order(gate, index, chunks, PER_SECOND, is_stamped=True) for index in range(COLUMNS)]


async def ours_once(
    stage: Stage, person: Person, browser: Browser, wished: list[Order]
) -> tuple[float, float]:
    """Return the 95th percentile of chunks in seconds, and the 99th of frames in milliseconds."""
    started = await run_all([person], [order.model for order in wished])
    address = f"{TEAM}playground/?" + "&".join(f"conversation={run.conversation}" for _, run in started)
    port = stage.installation.port
    page = await opened(browser, person, stage.installation.url, address)
    stream = await person.stream_of(address)
    followed = await follow(port, get(port, stream, person.cookie_header), keeps_stamps=True)
    await stage.until_waiting(len(wished))
    await page.wait_for_timeout(SETTLE_MS)
    await page.evaluate(COUNT_FRAMES)
    await flow(stage, wished, [followed])
    frames = await page.evaluate("window.frames_ms")
    await page.context.close()
    return percentile(followed.chunk_seconds, 0.95), percentile(frames, 0.99)


async def direct_once(stage: Stage, wished: list[Order]) -> float:
    """Return the 95th percentile of the same chunks for clients that ask the upstream itself, in seconds."""
    port = stage.upstream_port
    bodies = [orjson.dumps({"model": order.model, "stream": True, "messages": []}) for order in wished]
    requests = [post(port, "/v1/chat/completions", body) for body in bodies]
    followed = [await follow(port, request, keeps_stamps=True) for request in requests]
    await stage.until_waiting(len(wished))
    await flow(stage, wished, followed)
    return percentile([seconds for one in followed for seconds in one.chunk_seconds], 0.95)


async def flow(stage: Stage, wished: list[Order], followed: list[Followed]) -> None:
    """Open the gate, not for all at the same instant, and wait until all is said."""
    stage.open_gate(wished[0].gate, gap=1 / PER_SECOND / len(wished))
    await all_over(followed, seconds=wished[0].chunks / PER_SECOND + 60)
