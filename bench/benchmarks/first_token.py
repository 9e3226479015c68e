"""How much later the first token comes than to a direct client, 200 streams opened within a second.

The runs stand before the upstream's gate. Then, one after the other within a second, a page opens its
stream and at the same instant the upstream writes that run's first byte; what is measured is the way from
there to the page, so admitting the reader counts, starting the run does not. How long it takes from
pressing Run, 200 times within a second, is measured beside it.
"""

import asyncio
import time

import orjson

from bench.figures import Bounds, Figure
from bench.followers import Followed, all_over, follow, get, post
from bench.measures import middle, thread_count
from bench.paced import Order
from bench.people import Person, Started, run_all
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming

NAME = "Streaming: first token"
CHUNKS, PER_SECOND = 40, 10.0
LEAD_SECONDS = 0.5
MOST_ADDED_MS = 50.0
MOST_PRESSED_MS = 2_000.0
MOST_THREADS_ADDED = 10


def measure(scale: Scale) -> list[Figure]:
    """Return the added time to the first token, the time from pressing Run, and the threads it took."""
    streams = scale.of(200, 20)
    with streaming(streams) as stage:
        ours, direct, threads, pressed = asyncio.run(rounds(stage, streams, scale.runs))
    return [
        Figure(
            f"{streams} streams in a second (median)",
            middle(ours) * 1000,
            "ms",
            middle(direct) * 1000,
            "direct",
            bound=MOST_ADDED_MS,
            bounds=Bounds.DIFFERENCE,
        ),
        Figure("threads of the web process more than before", threads, bound=MOST_THREADS_ADDED),
        Figure(
            f"from pressing Run, {streams} in a second (median)",
            middle(pressed) * 1000,
            "ms",
            bound=MOST_PRESSED_MS,
        ),
    ]


async def rounds(stage: Stage, streams: int, count: int) -> tuple[list[float], list[float], int, list[float]]:
    """Return medians of ours, of direct and from pressing Run, in seconds; and the most threads added."""
    ours, direct, pressed, threads = [], [], [], 0
    async with signed_in(stage, streams) as people:
        before = thread_count(stage.pid("web"))
        for number in range(count):
            # Those who only follow: what pressing Run does to threads is another matter.
            medians, most = await ours_once(stage, people, orders(f"ours{number}", streams))
            ours.append(medians)
            threads = max(threads, most - before)
            direct.append(await direct_once(stage, orders(f"direct{number}", streams)))
            pressed.append(await pressed_once(stage, people, orders(f"pressed{number}", streams)))
    return ours, direct, threads, pressed


def orders(gate: str, streams: int) -> list[Order]:
    """Return the runs of one measurement: some seconds long, so that all of them flow at once."""
    return [Order(gate, index, CHUNKS, PER_SECOND) for index in range(streams)]


async def ours_once(stage: Stage, people: list[Person], wished: list[Order]) -> tuple[float, int]:
    """Return the median of the first tokens' seconds, and the threads while all streams are open."""
    started = await run_all(people, [order.model for order in wished])
    await stage.until_waiting(len(wished))
    port = stage.installation.port
    requests = [get(port, run.stream, who.cookie_header) for who, run in started]
    followed = await within_a_second(stage, port, requests, wished[0].gate)
    threads = thread_count(stage.pid("web"))
    await all_over(followed, seconds=60)
    return middle([stream.first_token_seconds for stream in followed]), threads


async def direct_once(stage: Stage, wished: list[Order]) -> float:
    """Return the same for clients that ask the upstream itself."""
    port = stage.upstream_port
    bodies = [orjson.dumps({"model": order.model, "stream": True, "messages": []}) for order in wished]
    requests = [post(port, "/v1/chat/completions", body) for body in bodies]
    followed = await within_a_second(stage, port, requests, wished[0].gate)
    await all_over(followed, seconds=60)
    return middle([stream.first_token_seconds for stream in followed])


async def within_a_second(stage: Stage, port: int, requests: list[bytes], gate: str) -> list[Followed]:
    """Open all streams, evenly within a second, each when its run begins."""
    at, gap = time.monotonic() + LEAD_SECONDS, 1 / len(requests)
    stage.open_gate(gate, at, gap)

    async def one(number: int) -> Followed:
        await asyncio.sleep(at + number * gap - time.monotonic())
        return await follow(port, requests[number])

    return list(await asyncio.gather(*(one(number) for number in range(len(requests)))))


async def pressed_once(stage: Stage, people: list[Person], wished: list[Order]) -> float:
    """Return the median seconds from pressing Run to the first token, all pressed within a second."""
    stage.open_gate(wished[0].gate)
    at, gap = time.monotonic() + LEAD_SECONDS, 1 / len(wished)

    async def one(number: int) -> tuple[float, Followed]:
        person, due = people[number % len(people)], at + number * gap
        await asyncio.sleep(due - time.monotonic())
        run: Started = await person.run(wished[number].model)
        port = stage.installation.port
        return due, await follow(port, get(port, run.stream, person.cookie_header))

    streams = await asyncio.gather(*(one(number) for number in range(len(wished))))
    await all_over([followed for _, followed in streams], seconds=120)
    return middle([(followed.first_arrived_at or 0.0) - due for due, followed in streams])
