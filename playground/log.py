"""The log of a live run: numbered pieces of text, from its start to its end, for any number of readers.

The interface is that of a Redis stream (append; read after a number, waiting), so that runs can be
followed from another process. Here it lives in memory: with one web process nothing else is needed.
"""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple, Protocol
from uuid import UUID

# How long an ended run can still be read: longer than a reader may stand still.
KEPT_SECONDS = 60.0


class Entry(NamedTuple):
    """One piece of a run. Numbers begin at 1; the last entry says `is_end` and has no text."""

    number: int
    text: str
    is_end: bool = False


class RunLog(Protocol):
    """Where live runs write and readers read."""

    async def open(self, run_id: UUID) -> None:
        """Begin an empty log."""

    async def append(self, run_id: UUID, text: str) -> None:
        """Add a piece of text and wake the readers."""

    async def end(self, run_id: UUID) -> None:
        """Say that nothing follows; the log goes away a while later."""

    async def holds(self, run_id: UUID) -> bool:
        """Tell whether the run can be read here."""

    async def read(self, positions: Mapping[UUID, int], wait_seconds: float) -> dict[UUID, list[Entry]]:
        """Return the entries after the given numbers, of those runs that have any.

        Where none has, wait for the first one, at most so long. Runs without a log have no entries.
        """


class MemoryLog:
    """The log of the runs of this process."""

    def __init__(self) -> None:
        self._entries: dict[UUID, list[Entry]] = {}
        self._waiting: dict[UUID, set[asyncio.Event]] = {}

    async def open(self, run_id: UUID) -> None:
        """Begin an empty log."""
        self._entries[run_id] = []

    async def append(self, run_id: UUID, text: str) -> None:
        """Add a piece of text and wake the readers."""
        self._add(run_id, text)

    async def end(self, run_id: UUID) -> None:
        """Say that nothing follows; forget the log after `KEPT_SECONDS`."""
        if run_id in self._entries:
            self._add(run_id, "", is_end=True)
            asyncio.get_running_loop().call_later(KEPT_SECONDS, self._entries.pop, run_id, None)

    async def holds(self, run_id: UUID) -> bool:
        """Tell whether the run can be read here."""
        return run_id in self._entries

    async def read(self, positions: Mapping[UUID, int], wait_seconds: float) -> dict[UUID, list[Entry]]:
        """Return the entries after the given numbers; wait for the first where there are none."""
        news = self._after(positions)
        if news or wait_seconds <= 0:
            return news
        woken = asyncio.Event()
        for run_id in positions:
            self._waiting.setdefault(run_id, set()).add(woken)
        try:
            async with asyncio.timeout(wait_seconds):
                await woken.wait()
        except TimeoutError:
            return {}
        finally:
            self._forget(woken, positions)
        return self._after(positions)

    def _add(self, run_id: UUID, text: str, *, is_end: bool = False) -> None:
        entries = self._entries[run_id]
        entries.append(Entry(len(entries) + 1, text, is_end))
        for woken in self._waiting.get(run_id, ()):
            woken.set()

    def _after(self, positions: Mapping[UUID, int]) -> dict[UUID, list[Entry]]:
        found = ((run_id, self._entries.get(run_id, [])[number:]) for run_id, number in positions.items())
        return {run_id: entries for run_id, entries in found if entries}

    def _forget(self, woken: asyncio.Event, positions: Mapping[UUID, int]) -> None:
        for run_id in positions:
            waiting = self._waiting[run_id]
            waiting.discard(woken)
            if not waiting:
                del self._waiting[run_id]


log: RunLog = MemoryLog()
