"""Follow live runs for one page: read their logs, send what changes, keep the connection awake."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from uuid import UUID

from playground import framing
from playground.live_view import LiveView
from playground.log import Entry, RunLog

# More than one message per frame buys nothing: what comes faster is merged, the first piece at once.
MESSAGE_GAP_SECONDS = 1 / 60
HEARTBEAT_SECONDS = 15.0
# Timers may fire a little early: wait a little longer, rather than twice.
TIMER_SECONDS = 0.005

SendBytes = Callable[[bytes], Awaitable[None]]


class Following:
    """Several runs on one connection. Event ids are their positions in the ticket's order: `12`, `12.5`."""

    def __init__(
        self,
        log: RunLog,
        runs: tuple[UUID, ...],
        last_event_id: str,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._log = log
        self._heartbeat_seconds = heartbeat_seconds
        positions = read_event_id(last_event_id, len(runs))
        self._views = [LiveView(run, position) for run, position in zip(runs, positions, strict=True)]

    async def send_all(self, send: SendBytes) -> None:
        """Replay, then follow, until every run has ended or has no log."""
        sent_at = monotonic()
        while live := await self._live():
            news = await self._log.read(
                {view.run_id: view.position for view in live}, self._patience(live, sent_at)
            )
            now = monotonic()
            markup = "".join([await self._change(view, news.get(view.run_id, []), now) for view in live])
            if markup:
                await send(framing.message(markup, self._event_id()))
                sent_at = monotonic()
                await asyncio.sleep(MESSAGE_GAP_SECONDS)
            elif now - sent_at >= self._heartbeat_seconds:
                await send(framing.HEARTBEAT)
                sent_at = monotonic()

    async def _live(self) -> list[LiveView]:
        """Return the runs that go on and can be read: a log may go away with the process that writes it."""
        return [view for view in self._views if not view.has_ended and await self._log.holds(view.run_id)]

    async def _change(self, view: LiveView, entries: list[Entry], now: float) -> str:
        """Return what changes on the page; what takes long to render is rendered in a thread."""
        if view.is_quick(entries):
            return view.change(entries, now)
        return await asyncio.to_thread(view.change, entries, now)

    def _patience(self, live: list[LiveView], sent_at: float) -> float:
        """Return how long to wait for news: until a last block wants its form, or a heartbeat is due."""
        due = [at for view in live if (at := view.next_refresh_at()) is not None]
        return max(0.0, min([*due, sent_at + self._heartbeat_seconds]) - monotonic()) + TIMER_SECONDS

    def _event_id(self) -> str:
        return ".".join(str(view.position) for view in self._views)


def read_event_id(text: str, count: int) -> list[int]:
    """Return the positions in a `Last-Event-ID`; all 0 where it is not one of ours."""
    parts = text.split(".")
    if len(parts) != count or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        return [0] * count
    return [int(part) for part in parts]
