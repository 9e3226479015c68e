"""Whether a token's cost grows with the answer: the last 1,000 of 20,000 chunks against the first 1,000.

More than a minute lies between the first and the last of one answer, in which a shared machine becomes faster
or slower; and what a relay spends at both times does not tell by how much, for it works per read, of which a
busy machine makes fewer, where we work per frame. So two installations take turns: while the answers of one
come to their end, those of the other begin, and what both spend is counted in the same moments.
"""

import asyncio

from bench.figures import Figure
from bench.followers import Followed, all_over
from bench.measures import cpu_seconds, middle
from bench.paced import PIECES, Order
from bench.people import Person, run_all
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming

NAME = "Streaming: long answers"
STREAMS = 8
PER_SECOND = 250
WINDOW = 1_000
# The last window ends before the streams do: storing how they ended is another matter.
MARGIN = 125
# So many chunks before that the others press Run: what a start costs is another matter, too.
AHEAD = 10 * PER_SECOND
MOST_TIMES_FIRST = 1.1


class Flow:
    """Streams of one installation that flow in step: so many that a window is long enough to be measured."""

    def __init__(self, stage: Stage, gate: str, chunks: int, followed: list[Followed]) -> None:
        self.last = chunks - WINDOW - MARGIN
        self._stage = stage
        self._gate = gate
        self._before = stage.stats()["sent"]
        self._over = asyncio.create_task(all_over(followed, seconds=chunks / PER_SECOND + 120))

    @classmethod
    async def start(cls, stage: Stage, people: list[Person], gate: str, chunks: int) -> "Flow":
        """Start streams that wait until they are opened, and follow them as pages do."""
        orders = [Order(gate, index, chunks, PER_SECOND) for index in range(STREAMS)]
        started = await run_all(people, [order.model for order in orders])
        followed = await stage.follow_runs(started)
        await stage.until_waiting(STREAMS)
        return cls(stage, gate, chunks, followed)

    def open(self) -> None:
        """Let them flow."""
        self._stage.open_gate(self._gate, gap=1 / PER_SECOND / STREAMS)

    async def until(self, chunk: int) -> None:
        """Wait until so many chunks of each stream were sent."""
        await self._stage.until("sent", self._before + chunk * STREAMS)

    async def window(self, begin: int) -> float:
        """Return the CPU seconds that the web process spends from chunk `begin` of each stream on."""
        web = self._stage.pid("web")
        await self.until(begin)
        before = cpu_seconds(web)
        await self.until(begin + WINDOW)
        return cpu_seconds(web) - before

    async def end(self) -> None:
        """Wait until all of them are over; raise where one was cut."""
        await self._over


def measure(scale: Scale) -> list[Figure]:
    """Return the CPU of the web process for the last chunks in times of that for the first."""
    # Whole rounds and a window: both windows are of the same text, some of which costs more than other.
    chunks = PIECES * scale.of(5, 1) + WINDOW + MARGIN
    # An even number: each installation is as often the one whose answers end.
    pairs = scale.runs + scale.runs % 2
    with streaming(STREAMS) as one, streaming(STREAMS) as other:
        found = asyncio.run(rounds((one, other), chunks, pairs))
    what = f"last {WINDOW:,} of {chunks:,} chunks beside the first {WINDOW:,}"
    return [Figure(what, middle([last / first for last, first in found]), "times", bound=MOST_TIMES_FIRST)]


async def rounds(stages: tuple[Stage, Stage], chunks: int, pairs: int) -> list[tuple[float, float]]:
    """Return CPU seconds of so many last windows, each with that of the first window at the same time."""
    found = []
    async with signed_in(stages[0], STREAMS) as some, signed_in(stages[1], STREAMS) as others:
        sides = ((stages[0], some), (stages[1], others))
        for side in sides:
            warm = await Flow.start(*side, "warm", 2 * WINDOW)
            warm.open()
            await warm.end()
        ending = await Flow.start(*sides[0], "long", chunks)
        ending.open()
        for number in range(1, pairs + 1):
            await ending.until(ending.last - AHEAD)
            beginning = await Flow.start(
                *sides[number % 2], f"long{number}", chunks if number < pairs else WINDOW + MARGIN
            )
            await ending.until(ending.last)
            beginning.open()
            last, first = await asyncio.gather(ending.window(ending.last), beginning.window(0))
            found.append((last, first))
            await ending.end()
            ending = beginning
        await ending.end()
    return found
