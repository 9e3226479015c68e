"""All that a model says in one run, part by part, and how long it took."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from playground.live.log.storable import storable_text
from rax import Chunk, ToolCall

# No model writes so much; a server that never ends would fill pages, memory and the database.
LONGEST_TEXT = 1_000_000
# What a tool call costs at least, however little it says.
CALL_CHARS = 64


class Part(StrEnum):
    """What a piece of text belongs to: one of the columns of a run, or what is said of one meanwhile."""

    ANSWER = "answer"
    REASONING = "reasoning"
    REFUSAL = "refusal"
    # The name of a tool that the model asks for, and for how many seconds it has thought.
    TOOL = "tool"
    THOUGHT = "thought"


# What is saved while a run goes on, in columns of the same names.
SAVED_PARTS = (Part.ANSWER, Part.REASONING, Part.REFUSAL)


class Said:
    """What has arrived so far, `LONGEST_TEXT` characters at most. Times are seconds of a steady clock."""

    def __init__(self) -> None:
        self.chars = 0
        self._passed_over = 0
        self.first_at: float | None = None
        self._last_at = 0.0
        self._thought_seconds: float | None = None
        self._thinks_since: float | None = None
        self._pieces: dict[Part, list[str]] = {part: [] for part in SAVED_PARTS}
        self._sizes: dict[Part, int] = dict.fromkeys(SAVED_PARTS, 0)
        self._asked: set[int] = set()

    @property
    def sizes(self) -> dict[Part, int]:
        """How many characters each part has."""
        return dict(self._sizes)

    def text(self, part: Part = Part.ANSWER) -> str:
        """Return all text of one part."""
        pieces = self._pieces[part]
        if len(pieces) > 1:
            pieces[:] = ["".join(pieces)]
        return pieces[0] if pieces else ""

    def since(self, part: Part, begins: int) -> str:
        """Return the text of one part from a character on.

        It costs no more than what has come since that was asked for last, however much there is.
        """
        pieces, missing = self._pieces[part], self._sizes[part] - begins
        if missing <= 0:
            return ""
        place = len(pieces)
        while missing > 0:
            place -= 1
            missing -= len(pieces[place])
        pieces[place:] = ["".join(pieces[place:])]
        return pieces[place][-missing:]

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken; of what is not shown no more is waited for than of what is."""
        return max(self.chars, self._passed_over) >= LONGEST_TEXT

    @property
    def reasoning_ms(self) -> int | None:
        """How long it has thought aloud; None where it did not, or still does for the first time."""
        return None if self._thought_seconds is None else milliseconds(self._thought_seconds)

    @property
    def writing_ms(self) -> int | None:
        """How long it was from the first piece to the last; None where nothing came."""
        return None if self.first_at is None else milliseconds(self._last_at - self.first_at)

    def texts(self) -> dict[str, Any]:
        """Return what was said, by the column of each part, fit to be stored."""
        return {str(part): storable_text(self.text(part)) for part in SAVED_PARTS}

    def texts_since(self, sizes: Mapping[Part, int]) -> dict[str, Any]:
        """Return the same, of each part what follows so many characters."""
        return {str(part): storable_text(self.since(part, sizes[part])) for part in SAVED_PARTS}

    def take(self, part: Part, text: str, now: float) -> str:
        """Take a piece of text that came `now`, and return as much of it as there is room for."""
        text = text[: LONGEST_TEXT - self.chars]
        if text:
            self._came(len(text), now)
            if part == Part.REASONING and self._thinks_since is None:
                self._thinks_since = now
            self._pieces[part].append(text)
            self._sizes[part] += len(text)
        return text

    def ask(self, calls: Iterable[ToolCall], now: float) -> list[str]:
        """Count pieces of tool calls that came `now`; return the names of the tools that are new."""
        names = []
        for call in calls:
            is_new = call.index not in self._asked
            self._asked.add(call.index)
            chars = len(call.name) + len(call.arguments) + (CALL_CHARS if is_new else 0)
            self._came(min(chars, LONGEST_TEXT - self.chars), now)
            names += [call.name] if is_new else []
        return names

    def pass_over(self, chunks: Iterable[Chunk]) -> None:
        """Count what other answers say: nobody is shown it, but all of it is held until the end."""
        for chunk in chunks:
            calls = sum(CALL_CHARS + len(call.arguments) for call in chunk.tool_calls)
            self._passed_over += len(chunk.text) + len(chunk.reasoning) + len(chunk.refusal) + calls

    def stop_thinking(self, now: float) -> bool:
        """Let thinking be over `now`; tell whether it was not before."""
        if self._thinks_since is None:
            return False
        self._thought_seconds = (self._thought_seconds or 0) + now - self._thinks_since
        self._thinks_since = None
        return True

    def _came(self, chars: int, now: float) -> None:
        self.chars += chars
        self.first_at = now if self.first_at is None else self.first_at
        self._last_at = now


def milliseconds(seconds: float) -> int:
    """Return seconds as whole milliseconds."""
    return max(0, round(seconds * 1000))
