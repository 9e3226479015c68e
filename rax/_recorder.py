"""What a server sent back, recorded as it came: its bytes with the time of each read, without the key.

A recording is a row of blocks, each compressed by itself: so a live stream costs little memory, and a read
is only put aside. A block ends where a line does, for the key is looked for in whole lines.
"""

import re
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from rax._key import Key

# Of what came so much is kept: its beginning, and where there is more, its end too.
RECORDED_BYTES: Final = 1024 * 1024
_END_BYTES: Final = 64 * 1024
_BEGINNING_BYTES: Final = RECORDED_BYTES - _END_BYTES
# So many bytes, or reads, are put aside until they become a block.
_BLOCK_BYTES: Final = 16 * 1024
_BLOCK_READS: Final = 512
# What a line costs beside its bytes: a server may send a million empty ones.
_LINE_BYTES: Final = 8
# Of a line that is cut the last bytes are left out: the key may begin in them, in whatever encoding.
_CUT_BYTES: Final = 4 * 1024
# Events repeat one another: the fastest level finds nearly all of that.
_LEVEL: Final = 1
# How a block begins that only says how much was left out here.
LEFT_OUT: Final = b"-"
LINE_END: Final = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Recording:
    """What came back for one request: `size` bytes in all, of which `content` has what is kept.

    `read_recording` reads it. It is empty where nothing came, and `is_withheld` where its lines together
    would tell the key, because an answer said that in pieces.
    """

    content: bytes = b""
    size: int = 0
    is_withheld: bool = False


class Recorder:
    """Records the answer to the completion that was asked for last. Give it to one client, then `finish` it.

    `clock` tells the seconds of a steady clock.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self.begin(None)

    def begin(self, key: Key | None) -> None:
        """Begin anew: a request goes out now, with this key."""
        self._key = key
        self._began_at = self._rest_at = self._clock()
        self._size = 0
        self._reads: list[tuple[float, bytes]] = []
        self._reads_bytes = 0
        self._rest = bytearray()  # a line that goes on
        self._passes_over = False  # it is too long, and its beginning was taken
        self._beginning: list[bytes] = []
        self._room = _BEGINNING_BYTES
        # Blocks, each with how much came in it, and what that costs.
        self._end: deque[tuple[bytes, int, int]] = deque()
        self._kept_bytes = self._end_cost = 0

    def hear(self, data: bytes) -> None:
        """Take what one read brought."""
        at = self._clock()
        self._size += len(data)
        for start in range(0, len(data), _BLOCK_BYTES) if len(data) > _BLOCK_BYTES else (0,):
            piece = data[start : start + _BLOCK_BYTES]
            self._reads.append((at, piece))
            self._reads_bytes += len(piece)
            if self._reads_bytes >= _BLOCK_BYTES or len(self._reads) >= _BLOCK_READS:
                self._pack()

    def finish(self) -> Recording:
        """Return what was recorded; nothing more is to come."""
        self._pack()
        if self._rest:
            self._keep(b"%d:0" % self._since(self._rest_at), bytes(self._rest))
        if self._key is not None and self._key.was_told_in_pieces:
            return Recording(size=self._size, is_withheld=True)
        blocks = [*self._beginning]
        if left_out := self._size - self._kept_bytes - sum(came for _, came, _ in self._end):
            blocks.append(zlib.compress(LEFT_OUT + b"%d\n" % left_out, _LEVEL))
        return Recording(b"".join([*blocks, *(block for block, _, _ in self._end)]), self._size)

    def _pack(self) -> None:
        """Make a block of the lines that are whole by what was put aside."""
        reads, self._reads, self._reads_bytes = self._reads, [], 0
        if not reads:
            return
        data = b"".join([data for _, data in reads])
        whole = 1 + max(data.rfind(b"\n"), data.rfind(b"\r"))
        if whole:
            marks = b" ".join([b"%d:%d" % (self._since(at), _line_ends(data)) for at, data in reads])
            first = _first_end(data) if self._passes_over else 0
            self._keep(marks, bytes(self._rest) + data[first:whole])
            self._rest.clear()
            self._passes_over = False
        if not self._passes_over:
            self._rest += data[whole:]
        self._rest_at = reads[-1][0]
        if len(self._rest) > _BEGINNING_BYTES:
            self._cut_line()

    def _cut_line(self) -> None:
        """Keep the beginning of a line that is too long to be held; its end is passed over."""
        line = self._without_key(bytes(self._rest))[:-_CUT_BYTES][: self._room]
        if line:
            self._kept_bytes += len(line)
            self._beginning.append(_packed(b"%d:0" % self._since(self._rest_at), line))
        self._room, self._passes_over = 0, True
        self._rest.clear()

    def _keep(self, marks: bytes, body: bytes) -> None:
        """Keep a block: as one of the beginning while there is room, then as one of the last."""
        block, cost = _packed(marks, self._without_key(body)), len(body) + _LINE_BYTES * _line_ends(body)
        if cost <= self._room:
            self._room -= cost
            self._kept_bytes += len(body)
            self._beginning.append(block)
            return
        self._room = 0
        self._end.append((block, len(body), cost))
        self._end_cost += cost
        while self._end_cost > _END_BYTES:
            self._end_cost -= self._end.popleft()[2]

    def _without_key(self, body: bytes) -> bytes:
        return body if self._key is None else self._key.redact_bytes(body)

    def _since(self, at: float) -> int:
        """Return the milliseconds since the request went out."""
        return max(0, round((at - self._began_at) * 1000))


def _line_ends(data: bytes) -> int:
    """Return how many bytes are line ends, or half of one."""
    return data.count(b"\n") + data.count(b"\r")


def _first_end(data: bytes) -> int:
    """Return where the first line ends."""
    return min(at for at in (data.find(b"\n"), data.find(b"\r")) if at >= 0)


def _packed(marks: bytes, body: bytes) -> bytes:
    return zlib.compress(marks + b"\n" + body, _LEVEL)
