"""Takes what arrives of an answer, keeps it and shows it to the readers: part by part, of one choice."""

from collections.abc import Iterable, Sequence
from time import monotonic
from uuid import UUID

from playground.live.log.said import Part, Said
from playground.live.process_log import log
from rax import ChatAnswer, ChatStream, Chunk


class Intake:
    """What arrives for one run. Choice 0 is shown; another one only where nothing comes under 0."""

    def __init__(self, run_id: UUID) -> None:
        self.said = Said()
        self._run_id = run_id

    async def take(self, chunks: Sequence[Chunk]) -> bool:
        """Take what chunks say, and tell whether that was anything to show."""
        if others := [chunk for chunk in chunks if chunk.index]:
            self.said.pass_over(others)
            chunks = [chunk for chunk in chunks if not chunk.index]
        return await self._show(chunks)

    async def end(self, told: ChatStream | ChatAnswer | None) -> None:
        """Show what came, where it came under no 0 but another number; stop the clock of thinking."""
        if told and not self.said.chars:
            await self._show([whole(told)])
        await self._stop_thinking(monotonic())

    async def _show(self, chunks: Sequence[Chunk]) -> bool:
        now = monotonic()
        pieces = pieces_of(chunks)
        for part, text in pieces:
            if part != Part.REASONING:
                await self._stop_thinking(now)
            if taken := self.said.take(part, text, now):
                await log.append(self._run_id, taken, part)
        calls = [call for chunk in chunks for call in chunk.tool_calls]
        if calls:
            await self._stop_thinking(now)
            for name in self.said.ask(calls, now):
                await log.append(self._run_id, name, Part.TOOL)
        return bool(pieces or calls)

    async def _stop_thinking(self, now: float) -> None:
        if self.said.stop_thinking(now):
            await log.append(self._run_id, str(self.said.reasoning_ms), Part.THOUGHT)


def pieces_of(chunks: Iterable[Chunk]) -> list[tuple[Part, str]]:
    """Return what chunks say in words, in order; pieces of one part that follow one another are one."""
    pieces: list[tuple[Part, list[str]]] = []

    def add(part: Part, text: str) -> None:
        if pieces and pieces[-1][0] is part:
            pieces[-1][1].append(text)
        else:
            pieces.append((part, [text]))

    for chunk in chunks:
        if chunk.reasoning:
            add(Part.REASONING, chunk.reasoning)
        if chunk.text:
            add(Part.ANSWER, chunk.text)
        if chunk.refusal:
            add(Part.REFUSAL, chunk.refusal)
    return [(part, "".join(texts)) for part, texts in pieces]


def whole(told: ChatStream | ChatAnswer) -> Chunk:
    """Return all that was told as one chunk."""
    return Chunk(told.text, reasoning=told.reasoning, refusal=told.refusal, tool_calls=told.tool_calls)
