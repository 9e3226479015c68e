"""The table of a TrueType or OpenType font that says which letters it has, "cmap".

https://learn.microsoft.com/typography/opentype/spec/cmap
"""

from collections.abc import Iterator, Sequence
from mmap import mmap
from struct import unpack_from

COLLECTION = b"ttcf"
# What a table of pairs (platform, encoding) must be of to tell of Unicode.
UNICODE = {(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)}
# Segments end with this one, which is no letter.
LAST = 0xFFFF

type Range = tuple[int, int]


def ranges_of(data: bytes | mmap) -> Iterator[Range]:
    """The first and last number of each range of letters; of a collection those of its first font. Raises
    `struct.error` where the data ends too early.
    """
    start = unpack_from(">I", data, 12)[0] if data[:4] == COLLECTION else 0
    (tables,) = unpack_from(">H", data, start + 4)
    for number in range(tables):
        name, _, at, _ = unpack_from(">4sIII", data, start + 12 + 16 * number)
        if name == b"cmap":
            yield from _of_table(data, at)


def _of_table(data: bytes | mmap, at: int) -> Iterator[Range]:
    (count,) = unpack_from(">H", data, at + 2)
    for number in range(count):
        platform, encoding, offset = unpack_from(">HHI", data, at + 4 + 8 * number)
        if (platform, encoding) not in UNICODE:
            continue
        (kind,) = unpack_from(">H", data, at + offset)
        if kind == 4:
            yield from _segments(data, at + offset)
        elif kind == 12:
            yield from _groups(data, at + offset)


def _segments(data: bytes | mmap, at: int) -> Iterator[Range]:
    """Format 4: ends, then starts of as many segments."""
    count = unpack_from(">H", data, at + 6)[0] // 2
    ends: Sequence[int] = unpack_from(f">{count}H", data, at + 14)
    starts: Sequence[int] = unpack_from(f">{count}H", data, at + 16 + 2 * count)
    yield from ((start, end) for start, end in zip(starts, ends, strict=True) if start != LAST)


def _groups(data: bytes | mmap, at: int) -> Iterator[Range]:
    """Format 12: groups of a start, an end, and a glyph."""
    (count,) = unpack_from(">I", data, at + 12)
    for number in range(count):
        start, end, _ = unpack_from(">III", data, at + 16 + 12 * number)
        yield start, end
