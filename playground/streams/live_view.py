"""A live run as one page sees it: log entries in, pieces of page out."""

from uuid import UUID

from playground.live.log.log import UNSAVED_WORDS, Entry
from playground.live.log.said import Part
from playground.live.log.waiting import QUIET_SECONDS, Waiting
from playground.streams.framing import partial
from playground.streams.live_parts import LiveParts
from playground.streams.live_stage import LiveStage
from playground.text.live_markdown import Change, LiveMarkdown
from playground.text.plain import PlainText

# In place of the foot of a turn that is live.
UNSAVED = f'<span class="turn-state" role="status" data-unsaved>{UNSAVED_WORDS}</span>'


class LiveView:
    """Follows one run for one page, from the entry after `position`.

    A page that comes back has the finished blocks of what it saw: those entries are taken without
    sending anything. A page that begins (`position` 0) may show what was saved: its first change replaces
    that. Where it `is_plain` it shows the answer as it was written.
    """

    def __init__(self, run_id: UUID, position: int = 0, *, is_plain: bool = False) -> None:
        self.run_id = run_id
        self.position = 0
        self.has_ended = False
        self._seen = position
        self._is_first = True
        self._is_told_unsaved = False
        self._closed_id, self._tail_id, self._live_id = f"closed-{run_id}", f"tail-{run_id}", f"live-{run_id}"
        self._text = PlainText() if is_plain else LiveMarkdown(self._live_id, str(run_id))
        self._stage = LiveStage(run_id)
        self._has_news = False
        self._quiet = Waiting(0.0)
        self._parts = LiveParts(run_id)

    def is_quick(self, entries: list[Entry]) -> bool:
        """Tell whether `take` with these entries takes a few milliseconds at most."""
        return self._text.is_quick(joined(entries), is_end=bool(entries) and entries[-1].is_end)

    def take(self, entries: list[Entry], now: float) -> str:
        """Return what changes on the page at `now` (seconds of a steady clock), with these new entries."""
        self.position, is_end, self._has_news = entries[-1].number, entries[-1].is_end, True
        changes = []
        if entries[0].number <= self._seen:
            seen = [entry for entry in entries if entry.number <= self._seen]
            entries = entries[len(seen) :]
            self._parts.skip(seen)
            self._text.feed(joined(seen), now)
            self._is_first = False
            changes.append(self._text.resume(now))
        if text := joined(entries):
            changes.append(self._text.feed(text, now))
        if is_end:
            self.has_ended = True
            changes.append(self._text.finish())
        beside = self._parts.take(entries)
        return beside + "".join([self._markup(change) for change in changes])

    def refresh(self, now: float) -> str:
        """Return the last block in form, where appended text has waited for that long enough."""
        change = None if self.has_ended else self._text.refresh(now)
        return self._markup(change) if change else ""

    def tell_unsaved(self) -> str:
        """Return, once, that all text is there and its end waits to be saved: there is nothing to stop."""
        if self.has_ended or self._is_told_unsaved:
            return ""
        self._is_told_unsaved = True
        return partial(f"foot-{self.run_id}", "innerHTML", UNSAVED)

    def tell_stage(self, waiting: Waiting | None, now: float) -> str:
        """Return what changes of what the run does: how it waits, at `now` in seconds since 1970, or that it
        writes."""
        if self.has_ended:
            return ""
        if self._has_news:
            self._has_news, self._quiet = False, Waiting(now)
        if self.position and self._quiet.is_quiet(now):
            quiet = self._quiet._replace(heard_at=waiting.heard_at if waiting else 0.0)
            return self._stage.tell(quiet, now, has_words=False)
        return self._stage.tell(waiting, now, has_words=self.position > 0)

    def seconds_to_stage(self, waiting: Waiting | None, now: float) -> float | None:
        """Return in how many seconds `tell_stage` will have something to say without news; None for never."""
        if self.position == 0 or self.has_ended:
            return waiting.seconds_to_next(now) if waiting else None
        if self._has_news:
            return None
        if self._quiet.is_quiet(now):
            return self._quiet.seconds_to_next(now)
        return self._quiet.since + QUIET_SECONDS - now

    def next_refresh_at(self) -> float | None:
        """Return when `refresh` will have something to say."""
        return None if self.has_ended else self._text.next_refresh_at()

    def _markup(self, change: Change) -> str:
        if self._is_first and change.answer is None:
            change = change._replace(answer=change.closed, closed="")
        self._is_first = False
        updates = []
        if change.answer is not None:
            updates.append(partial(self._closed_id, "innerHTML", change.answer))
        if change.closed:
            updates.append(partial(self._closed_id, "beforeend", change.closed))
        if change.tail is not None:
            updates.append(partial(self._tail_id, "innerHTML", change.tail))
        if change.appended:
            updates.append(partial(self._live_id, "beforeend", change.appended))
        return "".join(updates)


def joined(entries: list[Entry]) -> str:
    """Return the answer's text in these entries."""
    return "".join([entry.text for entry in entries if entry.part == Part.ANSWER])
