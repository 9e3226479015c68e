"""Records in parts: up to so many at once, and each part again in slices that nobody has to wait for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

MOST_ROWS = 50_000
# The name of its number in an address.
PART = "part"
# What is made without a pause: about a millisecond, so that streams of other people go on.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Part:
    """Part `number` of `count`, counted from 1: records number `first` to before `last`, counted from 0."""

    number: int
    count: int
    first: int
    last: int

    @classmethod
    def of(cls, total: int, number: int) -> Self | None:
        """A part of so many records; None where there is none of that number. Of nothing there is one."""
        count = max(-(-total // MOST_ROWS), 1)
        if not 1 <= number <= count:
            return None
        first = (number - 1) * MOST_ROWS
        return cls(number, count, first, min(first + MOST_ROWS, total))

    @property
    def is_whole(self) -> bool:
        """Tell whether it is all there is."""
        return self.count == 1

    @property
    def words(self) -> str:
        """Which one it is, behind the name of a file; empty where it is all there is."""
        return "" if self.is_whole else f", part {self.number}"

    def slices(self) -> Iterator[tuple[int, int]]:
        """Its slices, first and last as its own."""
        for first in range(self.first, self.last, AT_ONCE):
            yield first, min(first + AT_ONCE, self.last)


def part_of(text: str) -> int:
    """The number of a part, as an address tells it; 0, which no part has, where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def parts_of(total: int) -> list[Part]:
    """All parts of so many records."""
    count = max(-(-total // MOST_ROWS), 1)
    return [part for number in range(1, count + 1) if (part := Part.of(total, number))]
