"""When the lines of an answer came, drawn on one line, with the stalls in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rax import RecordedLine

# The units of the drawing; it is stretched to the width that there is.
WIDTH, HEIGHT = 1_000, 40
COLUMNS = 250
LEAST_HEIGHT = 6
# A gap is a stall that is at least so long, and so many times as long as gaps usually are in this answer.
LEAST_STALL_MS = 500
STALL_FACTOR = 10


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing came; `is_last` where nothing came any more until the end."""

    from_ms: int
    to_ms: int
    is_last: bool = False

    @property
    def ms(self) -> int:
        """How long it was."""
        return self.to_ms - self.from_ms

    @property
    def seconds(self) -> float:
        """How long it was, in seconds."""
        return self.ms / 1000

    @property
    def from_seconds(self) -> float:
        """When it began."""
        return self.from_ms / 1000


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of the drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Times of lines, up to the end of the answer."""

    times: Sequence[int]
    end_ms: int
    stalls: Sequence[Gap]

    @classmethod
    def of(cls, lines: Sequence[RecordedLine], duration_ms: int | None) -> "Timeline":
        """Return the timeline of these lines; what was left out has no time of its own."""
        times = [line.ms for line in lines if not line.left_out]
        end = max([*times, duration_ms or 0])
        return cls(times, end, stalls_in(times, end))

    @property
    def first_ms(self) -> int:
        """How long it was until the first line."""
        return self.times[0] if self.times else 0

    @property
    def end_seconds(self) -> float:
        """How long it was until the end."""
        return self.end_ms / 1000

    @property
    def bars(self) -> list[Rectangle]:
        """How many lines came when: a bar for each moment in which there came any."""
        last = max(1, self.end_ms)
        counts = Counter(min(COLUMNS - 1, ms * COLUMNS // last) for ms in self.times)
        most = max(counts.values(), default=1)
        step = WIDTH / COLUMNS
        return [
            Rectangle(column * step, HEIGHT - height, step, height)
            for column, count in sorted(counts.items())
            if (height := max(LEAST_HEIGHT, round(HEIGHT * count / most)))
        ]

    @property
    def marks(self) -> list[Rectangle]:
        """Where the stalls are."""
        scale = WIDTH / max(1, self.end_ms)
        return [Rectangle(gap.from_ms * scale, 0, gap.ms * scale, HEIGHT) for gap in self.stalls]


def stalls_in(times: Sequence[int], end_ms: int) -> list[Gap]:
    """Return the gaps that stand out, with the one up to the end; to wait for the first line is none."""
    gaps = [Gap(one, other) for one, other in pairwise(times) if other > one]
    usual = median(gap.ms for gap in gaps) if gaps else 0
    if times and end_ms > times[-1]:
        gaps.append(Gap(times[-1], end_ms, is_last=True))
    return [gap for gap in gaps if gap.ms >= max(LEAST_STALL_MS, STALL_FACTOR * usual)]
