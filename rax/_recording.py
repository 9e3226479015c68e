"""A recording, read back: its lines, each with when its last byte came."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from rax._recorder import LEFT_OUT, LINE_END


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A line without its end, which came `ms` milliseconds after the request had been sent.

    `left_out` is how many bytes were not kept; a line that says so has no text, and the time of the line
    before it.
    """

    ms: int
    text: bytes
    left_out: int = 0


@dataclass(slots=True)
class _Part:
    """What came without a gap: its bytes, and per read its time and how many bytes ended a line in it."""

    body: bytearray = field(default_factory=bytearray)
    reads: list[tuple[int, int]] = field(default_factory=list)

    def lines(self) -> Iterator[RecordedLine]:
        """Yield its lines. Whoever reads has read all before: so a CRLF that was cut in two is one end."""
        position = ends = read = 0
        body, reads = bytes(self.body), self.reads
        ended = reads[0][1] if reads else 0
        for match in LINE_END.finditer(body):
            ends += match.end() - match.start()
            while ended < ends and read + 1 < len(reads):
                read += 1
                ended += reads[read][1]
            yield RecordedLine(reads[read][0], body[position : match.start()])
            position = match.end()
        if position < len(body):
            yield RecordedLine(reads[-1][0], body[position:])


def read_recording(content: bytes) -> Iterator[RecordedLine]:
    """Yield the lines of what a `Recorder` has kept, in order."""
    part, last = _Part(), 0
    for block in _blocks(content):
        head, _, body = block.partition(b"\n")
        if head.startswith(LEFT_OUT):
            yield from part.lines()
            last = part.reads[-1][0] if part.reads else last
            yield RecordedLine(last, b"", left_out=int(head.removeprefix(LEFT_OUT)))
            part = _Part()
        else:
            part.body += body
            part.reads += [_read_mark(mark) for mark in head.split(b" ")]
    yield from part.lines()


def _read_mark(mark: bytes) -> tuple[int, int]:
    ms, _, ends = mark.partition(b":")
    return int(ms), int(ends)


def _blocks(content: bytes) -> Iterator[bytes]:
    while content:
        stream = zlib.decompressobj()
        yield stream.decompress(content) + stream.flush()
        content = stream.unused_data
