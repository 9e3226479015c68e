"""What servers compress although nobody asked: 48 KB of gzip can be 50 MB, so the output is bounded."""

import contextlib
import zlib
from itertools import batched
from typing import Final

_ZLIB_OR_GZIP: Final = zlib.MAX_WBITS | 32
_READABLE: Final = ("gzip", "x-gzip", "deflate")
# What a broken body says before it breaks is kept, so it is read in pieces.
_AT_ONCE_BYTES: Final = 256


def inflate(content: bytes, encoding: str, max_bytes: int) -> bytes | None:
    """Return a whole body inflated, at most one byte more than `max_bytes`; None where it cannot be read."""
    if encoding not in _READABLE:
        return None
    with contextlib.suppress(zlib.error):
        inflater = zlib.decompressobj(_ZLIB_OR_GZIP)
        inflated = inflater.decompress(content, max_bytes + 1)
        if inflater.eof or len(inflated) > max_bytes:
            return inflated
    return None


def inflated_so_far(content: bytes, max_bytes: int) -> bytes:
    """Return what can be inflated of a body that may be cut off; text that was never packed as it is."""
    inflated = bytearray()
    inflater = zlib.decompressobj(_ZLIB_OR_GZIP)
    with contextlib.suppress(zlib.error):
        for piece in batched(content, _AT_ONCE_BYTES, strict=False):
            inflated += inflater.decompress(bytes(piece), max_bytes - len(inflated))
            if len(inflated) >= max_bytes or inflater.eof:
                break
    return bytes(inflated) or (content if content.isascii() else b"")
