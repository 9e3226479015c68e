"""The raw lines of a run, as its page shows them: each with its time, a page of lines at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from playground.answers.timeline import Gap, Timeline
from playground.models import RawLines, Run
from rax import RECORDED_BYTES, RecordedLine, read_recording

LINES_PER_PAGE = 200
# Of a line so much is shown; the file has all of it.
SHOWN_CHARS = 1_000
# What control characters look like: a line may be anything.
PICTURES = {code: 0x2400 + code for code in range(32) if code != 9} | {127: 0x2421}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line with its number, when it came, and how long nothing came before it."""

    number: int
    line: RecordedLine
    gap: Gap | None

    @property
    def text(self) -> str:
        """Its beginning, as text."""
        return readable(self.line.text)[:SHOWN_CHARS]

    @property
    def left(self) -> int:
        """How many characters of it are not shown."""
        return max(0, len(readable(self.line.text)) - SHOWN_CHARS)


@dataclass(frozen=True, slots=True)
class Raw:
    """What is kept of a run's raw lines: `lines` are all of them, and the page begins with number `first`."""

    kept: RawLines
    lines: Sequence[RecordedLine]
    timeline: Timeline
    first: int = 1

    @classmethod
    def of(cls, run: Run, now: datetime, asked: str = "") -> "Raw | None":
        """Return a run's raw lines, from the one whose number was asked for; None where none are kept."""
        kept = RawLines.objects.of(run, now)
        if kept is None:
            return None
        lines = list(read_recording(bytes(kept.content)))
        return cls(kept, lines, Timeline.of(lines, run.duration_ms), first_of(asked, len(lines)))

    @property
    def is_cut(self) -> bool:
        """Whether some of what came was not kept."""
        return any(line.left_out for line in self.lines)

    @property
    def most_bytes(self) -> int:
        """How much is kept of what came."""
        return RECORDED_BYTES

    @property
    def shown(self) -> list[ShownLine]:
        """The lines of this page."""
        gaps = {gap.to_ms: gap for gap in self.timeline.stalls}
        before = -1 if self.first == 1 else self.lines[self.first - 2].ms
        page = self.lines[self.first - 1 : self.last]
        found = []
        for number, line in enumerate(page, start=self.first):
            found.append(ShownLine(number, line, gaps.get(line.ms) if line.ms != before else None))
            before = line.ms
        return found

    @property
    def last(self) -> int:
        """The number of the last line of this page."""
        return min(len(self.lines), self.first + LINES_PER_PAGE - 1)

    @property
    def earlier(self) -> str:
        """The query of the page before; empty where this is the first."""
        return query(max(1, self.first - LINES_PER_PAGE)) if self.first > 1 else ""

    @property
    def later(self) -> str:
        """The query of the page after; empty where this is the last."""
        return query(self.last + 1) if self.last < len(self.lines) else ""

    def as_text(self) -> str:
        """Return all lines as a file has them: milliseconds, a tab, the line."""
        return "".join([f"{line.ms}\t{written(line)}\n" for line in self.lines])


def first_of(asked: str, count: int) -> int:
    """Return the number of a line that was asked for, where there is such a one; else 1."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    return number if 1 <= number <= count else 1


def written(line: RecordedLine) -> str:
    """Return a line as a file has it."""
    return f"({line.left_out:,} bytes were not kept)" if line.left_out else decoded(line.text)


def query(first: int) -> str:
    """Return the query of the page that begins with this line."""
    return urlencode({"view": "raw", "from": first})


def readable(line: bytes) -> str:
    """Return a line as people read it, whatever it is."""
    return decoded(line).translate(PICTURES)


def decoded(line: bytes) -> str:
    """Return a line as text; bytes that are no text stand there as `\\xff`."""
    return line.decode("utf-8", "backslashreplace")
