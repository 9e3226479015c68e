"""Follow live runs for one page: read their logs, send what changes, keep the connection awake."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic, time
from uuid import UUID

from playground.live.log.log import RunLog
from playground.streams import framing
from playground.streams.live_view import LiveView

HEARTBEAT_SECONDS = 15.0

SendBytes = Callable[[bytes], Awaitable[None]]


class Following:
    """Several runs on one connection. Event ids are their positions in the ticket's order: `12`, `12.5`.

    `plain` says in the same order which answers the page shows as they were written: `1.0`.
    """

    def __init__(
        self,
        log: RunLog,
        runs: tuple[UUID, ...],
        last_event_id: str,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        plain: str = "",
    ) -> None:
        self._log = log
        self._heartbeat_seconds = heartbeat_seconds
        positions = read_event_id(last_event_id, len(runs))
        kinds = read_event_id(plain, len(runs))
        asked = zip(runs, positions, kinds, strict=True)
        self._views = [LiveView(run, position, is_plain=bool(kind)) for run, position, kind in asked]

    async def send_all(self, send: SendBytes) -> None:
        """Replay, then follow, until every run has ended or has no log.

        Each piece is sent as it comes: runs take what arrives frame by frame, all in the same moment.
        """
        sent_at, live = monotonic(), self._views
        with self._log.ringing([view.run_id for view in self._views]) as bell:
            while after := await self._live():
                if after != live and (over := [view for view in live if view not in after]):
                    await send(b"".join(framing.ended(view.run_id) for view in over))
                live = after
                now = monotonic()
                if markup := "".join([await self._changes(view, now) for view in live]):
                    await send(framing.message(markup, self._event_id()))
                    sent_at = now
                elif now - sent_at >= self._heartbeat_seconds:
                    await send(framing.HEARTBEAT)
                    sent_at = now
                if not any(view.has_ended for view in live):
                    await bell.wait(self._due_at(live, sent_at))

    async def _live(self) -> list[LiveView]:
        """Return the runs that go on and can be read: a log may go away with the process that writes it."""
        return [view for view in self._views if not view.has_ended and await self._log.holds(view.run_id)]

    async def _changes(self, view: LiveView, now: float) -> str:
        """Return all that changes on the page of one run."""
        changed = await self._change(view, now)
        if self._log.is_finished(view.run_id):
            return changed + view.tell_unsaved()
        return changed + view.tell_stage(self._log.waiting(view.run_id), time())

    async def _change(self, view: LiveView, now: float) -> str:
        """Return what changes on the page; what takes long to render is rendered in a thread."""
        entries = await self._log.after(view.run_id, view.position)
        if not entries:
            return view.refresh(now)
        if view.is_quick(entries):
            return view.take(entries, now)
        return await asyncio.to_thread(view.take, entries, now)

    def _due_at(self, live: list[LiveView], sent_at: float) -> float:
        """Return when there is something to do without news: a last block wants its form, a second of waiting
        is over, or a heartbeat."""
        due, steady, now = sent_at + self._heartbeat_seconds, monotonic(), time()
        for view in live:
            if (at := view.next_refresh_at()) is not None:
                due = min(due, at)
            if (seconds := view.seconds_to_stage(self._log.waiting(view.run_id), now)) is not None:
                due = min(due, steady + seconds)
        return due

    def _event_id(self) -> str:
        return ".".join([str(view.position) for view in self._views])


def read_event_id(text: str, count: int) -> list[int]:
    """Return the positions in a `Last-Event-ID`; all 0 where it is not one of ours."""
    parts = text.split(".")
    if len(parts) != count or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        return [0] * count
    return [int(part) for part in parts]
