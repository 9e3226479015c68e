"""The API: a question that was answered before, beside a bare page that tells somebody the same bytes."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp

from bench.benchmarks.pages import World, build
from bench.figures import Bounds, Figure
from bench.measures import middle
from bench.people import Person
from bench.scale import Scale
from bench.stage import raxdash, within
from tests.installation import Installation

NAME = "API: a question that was answered before"
QUESTION = "/api/v1/usage?by=key,model&period=7d&step=day&limit=200"
LEAST_TIMES = 0.5
AT_ONCE = 4

type Ask = Callable[[], Awaitable[bytes]]


def measure(scale: Scale) -> list[Figure]:
    """Return how many requests a second are answered, of the question and of the page, in turns."""
    with raxdash(API_REQUESTS_PER_MINUTE="1000000") as installation:
        installation.asgi_application = "bench.bare_page:application"
        build(installation, World("10 days", 20, 10))
        token = within(installation, "people.token")
        found = asyncio.run(rounds(installation, token, scale))
    cached, bare, again = found
    return [
        Figure("requests a second", cached, "", bare, "bare page", LEAST_TIMES, Bounds.RATIO, at_least=True),
        Figure("the same, which is at hand already (304)", again, "", bare, "bare page"),
    ]


async def rounds(installation: Installation, token: str, scale: Scale) -> tuple[float, float, float]:
    """Return the medians of each: the kept answer, the bare page, and that nothing has changed."""
    headers = {"Authorization": f"Bearer {token}"}
    async with Person(installation.url, 0) as person, aiohttp.ClientSession(installation.url) as session:

        async def question(**more: str) -> bytes:
            async with session.get(QUESTION, headers=headers | more) as answer:
                answer.raise_for_status()
                tags.append(answer.headers["ETag"])
                return await answer.read()

        tags: list[str] = []
        (installation.folder / "bare.json").write_bytes(body := await question())
        asks: list[Ask] = [
            question,
            lambda: person.fetch("/bare/"),
            lambda: question(**{"If-None-Match": tags[-1]}),
        ]
        if [await ask() for ask in asks] != [body, body, b""]:
            raise RuntimeError("what is compared is not the same")
        found = [[await rate(ask, scale.of(400, 40)) for ask in asks] for _ in range(scale.runs)]
    cached, bare, again = (middle(list(one)) for one in zip(*found, strict=True))
    return cached, bare, again


async def rate(ask: Ask, count: int) -> float:
    """Return how many requests a second are answered, a few of them at once."""

    async def some() -> None:
        for _ in range(count // AT_ONCE):
            await ask()

    began = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - began)
