"""What drafts cost: 20 people who type prompts, each saved as their pages save them."""

import asyncio

from bench.figures import Figure
from bench.measures import cpu_seconds, middle
from bench.people import RUNS_PER_PERSON, Person
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming

NAME = "Drafts: 20 people typing"
PEOPLE = 20
# A page saves half a second after the last key, and every five seconds of somebody who makes no pause. Who
# composes writes some ten keys, a fifth of a second apart, and thinks for two seconds: that is one save.
EVERY_SECONDS = 4.0
# What is there already, and what is added between two saves.
WORDS, MORE = "A prompt of some length, with what it is about. " * 40, "And ten keys. "
MOST_OF_A_CORE = 5.0


def measure(scale: Scale) -> list[Figure]:
    """Return the CPU of the web process, and of one save."""
    with streaming(PEOPLE * RUNS_PER_PERSON) as stage:
        shares = asyncio.run(rounds(stage, scale.of(32, 8), scale.runs))
    share = middle(shares)
    return [
        Figure("CPU of the web process, of a core", share * 100, "%", bound=MOST_OF_A_CORE),
        Figure("CPU of a save", share * 1000 * EVERY_SECONDS / PEOPLE, "ms"),
    ]


async def rounds(stage: Stage, seconds: float, count: int) -> list[float]:
    """Return which part of a core the web process used, measured so many times."""
    async with signed_in(stage, PEOPLE * RUNS_PER_PERSON) as people:
        await asyncio.gather(*(typing(person, EVERY_SECONDS) for person in people))
        shares = []
        for _ in range(count):
            before = cpu_seconds(stage.pid("web"))
            await asyncio.gather(*(typing(person, seconds) for person in people))
            shares.append((cpu_seconds(stage.pid("web")) - before) / seconds)
        return shares


async def typing(person: Person, seconds: float) -> None:
    """Type for some time, and have it saved ever so often."""
    for number in range(round(seconds / EVERY_SECONDS)):
        saving = person.save_draft(WORDS + MORE * (number + 1))
        await asyncio.gather(asyncio.sleep(EVERY_SECONDS), saving)
