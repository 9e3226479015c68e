"""The body of an answer: how much is read of it, for how long, and what it is once it is inflated."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from rax import _constants as constants
from rax._compression import inflate, inflated_so_far
from rax._exceptions import AnswerError, ConnectionLostError, Kind, RaxError
from rax._key import Key
from rax._parser import has_ended, says_done, says_finished
from rax._timeouts import Patience
from rax._transport import Answer

# Is called with what comes, as it comes.
type Hear = Callable[[bytes], None]


async def read_body(
    answer: Answer,
    received: bytearray,
    max_bytes: int,
    *,
    patience: Patience | None,
    key: Key,
    hear: Hear | None = None,
) -> bytes:
    """Return the whole body, inflated if it was compressed; raise AnswerError past `max_bytes`.

    An event stream that nobody asked for may stay open, or break, after its [DONE] or its finish reason.
    What comes is added to `received`, where it stays when the body breaks. `patience` is that of whoever is
    billed for the answer; there is none for a GET. `hear` is called with what comes, inflated.
    """
    maybe_billed = patience is not None
    encoding = encoding_of(answer)
    try:
        chunks = answer.chunks()
        async for chunk in _until_ended(chunks, received, key) if maybe_billed else chunks:
            received += chunk
            if hear is not None and not encoding:
                hear(chunk)
            if len(received) > max_bytes:
                raise _too_large(maybe_billed)
            if patience is not None:
                if chunk.strip():  # blanks keep a connection alive, and begin nothing
                    patience.begin()
                patience.hear()
                if says_done(received):
                    break
    except ConnectionLostError:
        if patience is None or not says_finished(received):
            raise
    if not encoding:
        return bytes(received)
    inflated = _inflated(bytes(received), encoding, max_bytes, maybe_billed=maybe_billed)
    if hear is not None:
        hear(inflated)
    return inflated


def _inflated(content: bytes, encoding: str, max_bytes: int, *, maybe_billed: bool) -> bytes:
    inflated = inflate(content, encoding, max_bytes)
    if inflated is None:
        words = "The answer's compression cannot be read."
        raise AnswerError(words, kind=Kind.ENCODED, maybe_billed=maybe_billed)
    if len(inflated) > max_bytes:
        raise _too_large(maybe_billed)
    return inflated


async def _until_ended(chunks: AsyncIterator[bytes], received: bytearray, key: Key) -> AsyncIterator[bytes]:
    """Yield chunks up to a long silence behind an event stream's end, which nothing but the end of the body
    can follow."""
    while True:
        reading = asyncio.ensure_future(anext(chunks, None))
        try:
            while not (await asyncio.wait([reading], timeout=constants.AFTER_FINISH_LONGEST_SECONDS))[0]:
                if says_finished(received) and has_ended(bytes(received), key):
                    return
            chunk = reading.result()
        finally:
            reading.cancel()
        if chunk is None:
            return
        yield chunk


async def read_error_body(answer: Answer, hear: Hear | None = None) -> bytes:
    """Return what can be read of an error's body: its status says enough where that is cut or late."""
    content, encoding = bytearray(), encoding_of(answer)
    with contextlib.suppress(RaxError, TimeoutError):
        async with asyncio.timeout(constants.ERROR_BODY_SECONDS):
            async for chunk in answer.chunks():
                content += chunk
                if hear is not None and not encoding:
                    hear(chunk)
                if len(content) > constants.ERROR_BODY_BYTES:
                    break
    if not encoding:
        return bytes(content[: constants.ERROR_BODY_BYTES])
    inflated = inflated_so_far(bytes(content), constants.ERROR_BODY_BYTES)
    if hear is not None:
        hear(inflated)
    return inflated


def encoding_of(answer: Answer) -> str:
    """Return how an answer is compressed; an empty text where it is not."""
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    return "" if encoding == "identity" else encoding


def _too_large(maybe_billed: bool) -> AnswerError:
    return AnswerError("The answer is larger than we accept.", kind=Kind.TOO_LARGE, maybe_billed=maybe_billed)


async def drained(body: AsyncIterator[bytes]) -> None:
    """Wait a moment for the end of a body after [DONE]: then the connection can be used again."""
    with contextlib.suppress(RaxError, TimeoutError):
        async with asyncio.timeout(constants.AFTER_DONE_SECONDS):
            await anext(body, None)
