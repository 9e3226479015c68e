"""What stands beside a growing answer on a page: its thinking, a refusal, the tools that are asked for.

They are shown as they come, letter by letter: each place of the page is there from the beginning, and hidden
while it is empty.
"""

from collections.abc import Iterable
from uuid import UUID

from playground.live.log.log import Entry
from playground.live.log.said import Part
from playground.streams.framing import partial
from playground.text.live_markdown import escape

# The ids of the places, before the run's.
PLACES = {Part.REASONING: "reasoning", Part.REFUSAL: "refusal", Part.TOOL: "tool", Part.THOUGHT: "thought"}


class LiveParts:
    """Follows the parts of one run beside its answer, for one page that may show what was saved of them."""

    def __init__(self, run_id: UUID) -> None:
        self._run_id = run_id
        self._begun: set[Part] = set()

    def skip(self, entries: Iterable[Entry]) -> None:
        """Take entries that the page has already."""
        self._begun.update(entry.part for entry in entries)

    def take(self, entries: Iterable[Entry]) -> str:
        """Return what changes on the page with these new entries."""
        texts: dict[Part, list[str]] = {}
        for entry in entries:
            if entry.part != Part.ANSWER:
                texts.setdefault(entry.part, []).append(entry.text)
        return "".join([self._change(part, pieces) for part, pieces in texts.items()])

    def _change(self, part: Part, pieces: list[str]) -> str:
        place = f"{PLACES[part]}-{self._run_id}"
        if part == Part.THOUGHT:
            return partial(place, "innerHTML", thought_words(int(pieces[-1])))
        if part == Part.TOOL:
            return partial(place, "innerHTML", escape(pieces[-1]) or "…")
        swap = "beforeend" if part in self._begun else "innerHTML"
        self._begun.add(part)
        return partial(place, swap, escape("".join(pieces)))


def thought_words(milliseconds: int | None) -> str:
    """Return how long a model thought: "Thought for 12 s"; without a time where that means nothing."""
    seconds = round((milliseconds or 0) / 1000)
    if seconds < 1:
        return "Thought"
    minutes, seconds = divmod(seconds, 60)
    return f"Thought for {minutes} min {seconds} s" if minutes else f"Thought for {seconds} s"
