"""What a live run does, in the foot of its turn: how long it waits, second by second, and that it writes."""

from uuid import UUID

from playground.live.log.waiting import Waiting
from playground.streams.framing import partial

WRITING = "Writing …"


class LiveStage:
    """Tells one page, and nothing twice. The seconds stand apart from the words, which are read aloud."""

    def __init__(self, run_id: UUID) -> None:
        self._stage_id, self._waited_id = f"stage-{run_id}", f"waited-{run_id}"
        self._words: str | None = None
        self._waited: str | None = None

    def tell(self, waiting: Waiting | None, now: float, *, has_words: bool) -> str:
        """Return what changes on the page at `now`, in seconds since 1970."""
        if not has_words and waiting is None:
            return ""  # it is not known yet
        words = waiting.words(now) if waiting and not has_words else WRITING
        waited = f", {waiting.length(now)}" if waiting and not has_words else ""
        told = partial(self._stage_id, "innerHTML", words) if words != self._words else ""
        told += partial(self._waited_id, "innerHTML", waited) if waited != self._waited else ""
        self._words, self._waited = words, waited
        return told
