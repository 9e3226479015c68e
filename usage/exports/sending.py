"""How many files are being sent: each keeps its numbers in memory until it is taken, however slowly."""

from collections import Counter
from collections.abc import AsyncIterator

# To one person, by this process: as many as browsers take side by side.
MOST_AT_ONCE = 6
FULL = f"You are taking {MOST_AT_ONCE} files already: wait for one of them."

_sending: Counter[int] = Counter()


def has_room(person: int) -> bool:
    """Tell whether one more file may be sent to somebody."""
    return _sending[person] < MOST_AT_ONCE


async def counted(person: int, pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """The pieces of a file, which counts as somebody's until it is sent or they have gone."""
    _sending[person] += 1
    try:
        async for piece in pieces:
            yield piece
    finally:
        _sending[person] -= 1
        if not _sending[person]:
            del _sending[person]
