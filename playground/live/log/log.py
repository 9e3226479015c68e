"""The log of a live run: numbered pieces of text, from its start to its end, for any number of readers.

It has two homes behind one interface: memory, here, which is all that one web process needs; and memory
with copies in Redis (`shared_log`), where several processes follow one another's runs.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from uuid import UUID

from playground.live.log.bell import Bell
from playground.live.log.said import Part
from playground.live.log.waiting import Waiting

# How long an ended run can still be read: longer than a reader may stand still.
KEPT_SECONDS = 60.0
# What is said of a run whose text is whole while its end waits to be stored.
UNSAVED_WORDS = "Finished, not saved yet"


class Entry(NamedTuple):
    """One piece of a run. Numbers begin at 1; the last entry says `is_end` and has no text."""

    number: int
    text: str
    is_end: bool = False
    part: Part = Part.ANSWER


class RunLog(Protocol):
    """Where live runs write and readers read."""

    async def open(self, run_id: UUID) -> None:
        """Begin an empty log."""

    async def append(self, run_id: UUID, text: str, part: Part = Part.ANSWER) -> None:
        """Add a piece of text and wake the readers. Never waits for anybody."""

    async def end(self, run_id: UUID) -> None:
        """Say that nothing follows; the log goes away a while later."""

    async def finish(self, run_id: UUID) -> None:
        """Say that all text is there, while the run's end waits to be saved."""

    def is_finished(self, run_id: UUID) -> bool:
        """Tell whether all text is there of a run whose end is not saved, as far as it is known here."""

    async def wait(self, run_id: UUID, waiting: Waiting) -> None:
        """Say how the run waits for its first words; with these it does no longer."""

    def waiting(self, run_id: UUID) -> Waiting | None:
        """Return how the run waits for its first words; None where it has any, or nothing is known here."""

    async def holds(self, run_id: UUID) -> bool:
        """Tell whether the run can be read here. A log may go away at any time: ask before each read."""

    async def after(self, run_id: UUID, number: int) -> list[Entry]:
        """Return the entries after this number that can be read now."""

    def ringing(self, run_ids: Iterable[UUID]) -> AbstractContextManager[Bell]:
        """Yield a bell that is rung whenever one of the runs has something new, or its log goes away."""

    def run_ids(self) -> list[UUID]:
        """Return the runs that are held in the memory of this process."""

    def forget(self, run_ids: Iterable[UUID]) -> None:
        """Let go of these runs at once, for their words were erased; their readers see that."""

    def forget_soon(self, run_ids: Iterable[UUID]) -> None:
        """Do the same from any thread."""

    async def ask_to_stop(self, run_id: UUID, owner: str) -> None:
        """Tell the process that owns the run at once to look at its row, where that is possible."""

    def is_shared(self) -> bool:
        """Tell whether other processes can read the runs of this one now."""

    async def start(self, on_stop: Callable[[UUID], None]) -> None:
        """Begin to hear other processes: `on_stop` is called with the runs they ask to stop."""

    async def aclose(self) -> None:
        """Tell the other processes what they do not know yet, and leave."""


@dataclass(slots=True, eq=False)
class _Log:
    """What is known of one run."""

    run_id: UUID
    entries: list[Entry] = field(default_factory=list)
    waiting: Waiting | None = None
    is_finished: bool = False


class MemoryLog:
    """The log of the runs of this process."""

    def __init__(self) -> None:
        # By the ids as numbers: a UUID is looked up by Python, which costs as much as what is done then.
        self._logs: dict[int, _Log] = {}
        self._bells: dict[int, set[Bell]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self, run_id: UUID) -> None:
        """Begin an empty log."""
        self._logs[run_id.int] = _Log(run_id)

    async def append(self, run_id: UUID, text: str, part: Part = Part.ANSWER) -> None:
        """Add a piece of text and wake the readers."""
        if found := self._logs.get(run_id.int):
            self._add(found, text, part)

    async def end(self, run_id: UUID) -> None:
        """Say that nothing follows; forget the log after `KEPT_SECONDS`."""
        if found := self._logs.get(run_id.int):
            found.is_finished = False
            self._add(found, "", Part.ANSWER, is_end=True)
            asyncio.get_running_loop().call_later(KEPT_SECONDS, self._let_go, run_id)

    async def finish(self, run_id: UUID) -> None:
        """Say that all text is there, while the run's end waits to be saved."""
        if found := self._logs.get(run_id.int):
            found.is_finished = True
            self._ring(run_id)

    def is_finished(self, run_id: UUID) -> bool:
        """Tell whether all text is there of a run whose end is not saved."""
        found = self._logs.get(run_id.int)
        return found is not None and found.is_finished

    async def wait(self, run_id: UUID, waiting: Waiting) -> None:
        """Say how the run waits for words, until some come."""
        if found := self._logs.get(run_id.int):
            found.waiting = waiting
            self._ring(run_id)

    def waiting(self, run_id: UUID) -> Waiting | None:
        """Return how the run waits for words, as far as it was said since the last."""
        found = self._logs.get(run_id.int)
        return found.waiting if found else None

    async def holds(self, run_id: UUID) -> bool:
        """Tell whether the run can be read here."""
        return run_id.int in self._logs

    async def after(self, run_id: UUID, number: int) -> list[Entry]:
        """Return the entries after this number that can be read now."""
        found = self._logs.get(run_id.int)
        return found.entries[number:] if found else []

    @contextmanager
    def ringing(self, run_ids: Iterable[UUID]) -> Iterator[Bell]:
        """Yield a bell that is rung whenever one of the runs has something new, or its log goes away."""
        bell, asked = Bell(), {run_id.int for run_id in run_ids}
        for run in asked:
            self._bells.setdefault(run, set()).add(bell)
        try:
            yield bell
        finally:
            bell.silence()
            for run in asked:
                self._bells[run].discard(bell)
                if not self._bells[run]:
                    del self._bells[run]

    async def ask_to_stop(self, run_id: UUID, owner: str) -> None:
        """Do nothing: the owner looks at its rows once a second."""

    def is_shared(self) -> bool:
        """Tell that there is nobody to read."""
        return False

    def run_ids(self) -> list[UUID]:
        """Return the runs that are held here."""
        return [held.run_id for held in self._logs.values()]

    def forget(self, run_ids: Iterable[UUID]) -> None:
        """Let go of these runs at once."""
        for run_id in run_ids:
            self.drop(run_id)

    def forget_soon(self, run_ids: Iterable[UUID]) -> None:
        """Do the same from any thread; there is nothing to forget where no log was started."""
        if self._loop:
            self._loop.call_soon_threadsafe(self.forget, list(run_ids))

    async def start(self, on_stop: Callable[[UUID], None]) -> None:
        """Begin to hear threads; there is nobody else."""
        self._loop = asyncio.get_running_loop()

    async def aclose(self) -> None:
        """Hear nobody any more; there is nobody to tell."""
        self._loop = None

    def entries(self, run_id: UUID) -> list[Entry] | None:
        """Return all entries of a run so far, or None where it has no log."""
        found = self._logs.get(run_id.int)
        return found.entries if found else None

    def drop(self, run_id: UUID) -> None:
        """Forget a log that cannot be gone on with, and wake its readers to see that."""
        self._let_go(run_id)
        self._ring(run_id)

    def _let_go(self, run_id: UUID) -> None:
        self._logs.pop(run_id.int, None)

    def _add(self, found: _Log, text: str, part: Part, *, is_end: bool = False) -> None:
        found.entries.append(Entry(len(found.entries) + 1, text, is_end, part))
        found.waiting = None
        self._ring(found.run_id)

    def _ring(self, run_id: UUID) -> None:
        for bell in self._bells.get(run_id.int, ()):
            bell.ring()
