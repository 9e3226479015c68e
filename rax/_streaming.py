"""A streamed completion: an iterator and a context manager that always closes its connection."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

from rax._answers import RawAnswer
from rax._bodies import Hear, drained
from rax._completion.choice import Finish
from rax._completion.saying import Saying
from rax._completion.shapes import Chunk
from rax._completion.transcript import Transcript
from rax._constants import AFTER_FINISH_PATIENCE, AFTER_FINISH_SECONDS
from rax._exceptions import MisuseError, RaxError
from rax._key import Key
from rax._limits import Limits, parse_limits
from rax._parser import StreamParser
from rax._timeouts import Patience, Timeouts
from rax._transport import Answer
from rax._wire import raw_answer


class _Opened(NamedTuple):
    """An answer that has begun, and what it is read with."""

    answer: Answer
    body: AsyncIterator[bytes]
    parser: StreamParser
    patience: Patience


class ChatStream(Saying):
    """The chunks of one completion; enter it, then iterate it once.

        async with client.chat_stream(model=…, messages=…) as stream:
            async for chunk in stream: …          # or: async for chunks in stream.batches(): …

    Leaving the block closes the connection at once, and so does `aclose`, from any task, at any time: where
    the answer has not begun, its stream is entered without one, and ends at once. Raises the errors of the
    tree, the same as a whole answer would. `text`, `reasoning`, `refusal`, `tool_calls` and `finish_reason`
    are those of choice 0, or of the least where a server counts from another number; they, `usage`,
    `request_id` and `limits` can be read whatever the end. After it `done` says whether [DONE] came, and
    `ended_early` that neither it nor a finish reason did. `started_at` is an aware UTC time; `answer` is the
    HTTP answer without a body: its headers and the provider's date; `limits` are those of the headers. All
    three are None before the stream is entered. `payload` is the body that was sent last, None before any
    was. `last_read_bytes` is how much the last read brought.
    """

    def __init__(
        self,
        send: Callable[["ChatStream"], Awaitable[Answer]],
        *,
        key: Key,
        timeouts: Timeouts,
        hear: Hear | None = None,
    ) -> None:
        self._send = send
        self._hear = hear or (lambda _: None)
        self._key = key
        self._timeouts = timeouts
        self._opened: _Opened | None = None
        self._said = Transcript(key)
        self._waiting: list[Chunk] = []
        self._is_over = False
        self._is_reading = False
        self._was_left = False
        self._opening: asyncio.Timeout | None = None
        # When a server that has given its finish reason is waited for no longer.
        self._over_at: float | None = None
        self.payload: Mapping[str, Any] | None = None
        self.answer: RawAnswer | None = None
        self.limits: Limits | None = None
        self.started_at: datetime | None = None
        self.last_read_bytes = 0

    @property
    def unreadable_events(self) -> int:
        """How many events could not be read and were passed over."""
        return self._opened.parser.unreadable_events if self._opened else 0

    @property
    def request_id(self) -> str | None:
        """The provider's request id: a header's, else the completion's id."""
        if self.answer is not None and self.answer.request_id:
            return self.answer.request_id
        return self._said.id

    @property
    def done(self) -> bool:
        """Whether the stream said [DONE]."""
        return self._opened is not None and self._opened.parser.done

    @property
    def ended_early(self) -> bool:
        """Whether the server ended the stream without [DONE] and without a finish reason."""
        if self._opened is None or not self._is_over or self._was_left:
            return False
        return not self._opened.parser.is_whole

    async def __aenter__(self) -> Self:
        if self.started_at is not None:
            raise MisuseError("A stream can be entered once.")
        self.started_at = datetime.now(UTC)
        if self._was_left:
            return self
        patience = Patience(self._timeouts)
        try:
            async with asyncio.timeout_at(patience.passes_at()) as self._opening:
                answer = await self._send(self)
        except TimeoutError:
            if self._was_left:
                return self
            self._is_over = True
            raise patience.error() from None
        except RaxError as error:
            self.answer, self.limits = error.answer, error.limits
            raise
        finally:
            self._opening = None
        patience.hear()
        self.limits = parse_limits(answer.headers, datetime.now(UTC))
        self.answer = raw_answer(answer, b"", self._key)
        parser = StreamParser(key=self._key, limits=self.limits, answer=self.answer)
        self._opened, self._said = _Opened(answer, answer.chunks(), parser, patience), parser.transcript
        if self._was_left:  # in the moment in which it came
            await answer.aclose()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection, unless the answer is whole; an iteration under way ends without an error."""
        self._was_left = self._was_left or not self._is_over
        self._is_over = True
        if self._opening is not None:
            self._opening.reschedule(0)
        if self._opened is not None:
            await self._opened.answer.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Chunk:
        while not self._waiting:
            batch = await self._next_batch()
            if batch is None:
                raise StopAsyncIteration
            self._waiting = batch[::-1]
        return self._waiting.pop()

    async def batches(self) -> AsyncIterator[list[Chunk]]:
        """Yield the chunks of one socket read at a time: nothing waits longer, and much work is saved.

        A batch without any is a sign of life: a comment, or an event that carries nothing.
        """
        while (batch := await self._next_batch()) is not None:
            yield batch

    async def hold_until(self, waiting: Awaitable[None]) -> None:
        """Wait for something else, the answer held meanwhile: what comes of it is read at once then.

        For whoever takes many pieces together that is cheaper than a read for each of them.
        """
        if self._opened is None:
            await waiting
            return
        with self._opened.answer.held():
            await waiting
        # In this turn the loop reads what has come; whoever asked before would wait by a timer.
        await asyncio.sleep(0)

    async def _next_batch(self) -> list[Chunk] | None:
        """Return the chunks of the next read, or None at the end, when the connection is given back or
        closed."""
        if self.started_at is None:
            raise MisuseError("Enter the stream before iterating it.")
        opened = self._opened
        if opened is None or self._is_over:
            return None
        if opened.parser.error is not None:
            raise await self._closed_by(opened.parser.error)
        if self._is_reading:
            raise MisuseError("A stream is read by one task at a time.")
        self._is_reading = True
        try:
            chunks = await self._read_batch(opened)
        finally:
            self._is_reading = False
        return chunks if chunks or not self._is_over else None

    async def _read_batch(self, opened: _Opened) -> list[Chunk]:
        parser = opened.parser
        try:
            data = await (drained(opened.body) if parser.is_over else self._read(opened))
        except RaxError as failure:
            return parser.fail(failure)
        if self._was_left:
            return []
        if data is None:
            chunks = parser.finish()
            if parser.error is None:
                self._is_over = True
                await self.aclose()
            return chunks
        self.last_read_bytes = len(data)
        self._hear(data)
        chunks = parser.feed(data)
        self._note(opened)
        return chunks

    async def _read(self, opened: _Opened) -> bytes | None:
        """Return the next bytes, or None at the end. For those that are here already no timer is set."""
        if opened.patience.is_at_end():
            raise opened.patience.error()
        if data := opened.answer.ready():
            return data
        deadlines = [at for at in (opened.patience.passes_at(), self._over_at) if at is not None]
        try:
            async with asyncio.timeout_at(min(deadlines, default=None)):
                return await anext(opened.body, None)
        except TimeoutError:
            failure: RaxError = opened.patience.error()
        except RaxError as error:
            failure = error
        if self._was_left:
            return None
        raise failure

    def _note(self, opened: _Opened) -> None:
        """Note what a read brought: any bytes end a silence, words begin the answer, and a finish reason may
        be its end."""
        opened.patience.hear()
        if opened.parser.was_useful:
            if not opened.patience.has_begun and self._said.has_words:
                opened.patience.begin()
            finish = self._said.finish
            self._over_at = None if finish is Finish.NO else self._end_of_patience(finish)

    def _end_of_patience(self, finish: Finish) -> float:
        """Return when an answer that has given its finish reason is over if nothing more comes."""
        is_usage_to_come = "stream_options" in (self.payload or ()) and self.usage is None
        patience = AFTER_FINISH_PATIENCE if finish is Finish.PERHAPS or is_usage_to_come else 1
        return asyncio.get_running_loop().time() + AFTER_FINISH_SECONDS * patience

    async def _closed_by(self, error: RaxError) -> RaxError:
        """Close the connection and return the error, with what we know of the answer."""
        self._is_over = True
        error.request_id = error.request_id or self.request_id
        error.limits = error.limits or self.limits
        error.answer = error.answer or self.answer
        await self.aclose()
        return error
