"""From the bytes of an answer to chunks, without any network, in all the shapes servers send."""

import contextlib
from functools import partial
from typing import Final

from rax._answers import RawAnswer
from rax._completion.choice import Finish
from rax._completion.shapes import Chunk
from rax._completion.transcript import Transcript
from rax._constants import JSON_BYTES
from rax._errors import unforeseen
from rax._exceptions import Kind, RaxError, StatusError
from rax._json import JSONError, read_piece
from rax._key import Key
from rax._limits import Limits
from rax._parser.event_reader import EventReader
from rax._parser.events import Event, EventDecoder
from rax._parser.first_line import BLANK, FirstLine

_BOM: Final = b"\xef\xbb\xbf"
_DONE: Final = b"[DONE]"


class StreamParser:
    """Turn bytes, however they are cut, into chunks.

    The content type is no help (servers say text/plain, or nothing), so the first byte decides: `{` or `[`
    begins a whole JSON answer in place of a stream, or chunks as plain lines, which shows once a line is
    over; `<` the page of some proxy; anything else is events. An error inside waits in `error` until the
    chunks before it are handed out. Nothing more is to be read once it `is_over`.
    """

    def __init__(self, *, key: Key, limits: Limits, answer: RawAnswer) -> None:
        self._decoder = EventDecoder()
        self._reader = EventReader(key=key, limits=limits, answer=answer)
        self._unforeseen = partial(unforeseen, answer=answer, key=key, maybe_billed=True)
        self._start = b""
        self._is_events = False
        self._whole: bytearray | None = None
        self._first_line = FirstLine()
        self._is_spent = False
        self.error: RaxError | None = None

    @property
    def transcript(self) -> Transcript:
        """What the answer has said so far."""
        return self._reader.transcript

    @property
    def was_useful(self) -> bool:
        """Whether what was fed last brought anything, or may be part of what does."""
        return self.transcript.was_useful

    @property
    def unreadable_events(self) -> int:
        """How many events were passed over."""
        return self._reader.unreadable_events

    @property
    def done(self) -> bool:
        """Whether [DONE] came."""
        return self._reader.done

    @property
    def is_whole(self) -> bool:
        """Whether what has come is a whole answer: by [DONE], by a finish reason, or as one JSON value."""
        return self.done or self.transcript.is_whole or self.transcript.finish_reason is not None

    @property
    def is_over(self) -> bool:
        """Whether all has come that can be read, by [DONE] or after the finish reason."""
        return self._reader.done or self._is_spent

    def feed(self, data: bytes) -> list[Chunk]:
        """Return the chunks that `data` completes; `was_useful` then says whether it brought anything."""
        self.transcript.was_useful = False
        chunks: list[Chunk] = []
        try:
            if self._is_events:
                chunks = self._read_events(self._decoder.feed(data))
            else:
                chunks = self._feed_start(data)
        except Exception as error:
            self._break(self._told(error))
        return [*chunks, *self.transcript.end()] if self.error is not None else chunks

    def fail(self, error: RaxError) -> list[Chunk]:
        """Return the chunks that wait no longer, because the stream broke by this error.

        There is none where the last of them say that the answer is whole, or tell of an error themselves.
        """
        chunks: list[Chunk] = []
        try:
            chunks = self._last_events()
        except Exception as unread:
            self._break(self._told(unread))
        self._reader.end(is_broken=True)
        self.error = self.error or self._reader.error
        if self.error is None:
            self._break(error)
        return [*chunks, *self.transcript.end()]

    def finish(self) -> list[Chunk]:
        """Return the chunks that only the end completes; it is an error when nothing came at all."""
        if self.error is not None:
            return []
        chunks: list[Chunk] = []
        try:
            chunks = self._last_events() if self._whole is None else self._read_whole(bytes(self._whole))
        except Exception as error:
            self._break(self._told(error))
        chunks += self.transcript.end()
        self._reader.end()
        self.error = self.error or self._reader.error
        if self.error is None and not self.transcript.has_chunks:
            # What came in events is something, if no answer.
            kind = Kind.UNEXPECTED_SHAPE if self._reader.has_objects else Kind.EMPTY_STREAM
            self.error = self._reader.unreadable("The stream ended without an answer.", kind, self._start)
        return chunks

    def _break(self, error: RaxError) -> None:
        """Let this be the error, unless the answer was whole before.

        One that still went on when it had taken too long was not, whatever finish reason came with its words.
        """
        is_late = error.kind is Kind.TOTAL_DEADLINE and self.transcript.finish is Finish.NO
        if self.transcript.finish_reason is None or is_late:
            self.error = error
        self._is_spent = True

    def _told(self, error: Exception) -> RaxError:
        """Return what broke the reading, foreseen or not, as an error of the tree."""
        if isinstance(error, RaxError):
            return error
        told = self._unforeseen(error)
        told.__cause__ = error
        return told

    def _last_events(self) -> list[Chunk]:
        return self._read_events(self._decoder.finish(), is_last=True)

    def _feed_start(self, data: bytes) -> list[Chunk]:
        """Read bytes while it is not known that they are events; blanks and a byte order mark say nothing."""
        if self._whole is None:
            self._start += data
            start = self._start.lstrip(BLANK).removeprefix(_BOM).lstrip(BLANK)
            if not start or _BOM.startswith(start) or _DONE.startswith(start[: len(_DONE)]):
                return self._wait_or_end(start)
            if not start.startswith((b"{", b"[", b"<")):
                return self._begin_events(self._start)
            self._whole = bytearray()
            data = start
        self._whole += data
        self._limit(self._whole)
        self.transcript.was_useful = True
        if self._first_line.is_of_lines(self._whole):
            return self._begin_events(bytes(self._whole))
        return []

    def _wait_or_end(self, start: bytes) -> list[Chunk]:
        if start.startswith(_DONE):
            return self._begin_events(self._start)
        self._limit(self._start)
        return []

    def _begin_events(self, content: bytes) -> list[Chunk]:
        self._is_events, self._whole = True, None
        return self._read_events(self._decoder.feed(content))

    def _limit(self, content: bytes | bytearray) -> None:
        if len(content) > JSON_BYTES:
            raise self._reader.unreadable("The answer is larger than we accept.", Kind.TOO_LARGE, b"")

    def _read_whole(self, body: bytes) -> list[Chunk]:
        if body.startswith(b"<"):
            self.error = self._reader.unreadable(
                "The server answered with a page.", Kind.UNEXPECTED_SHAPE, body
            )
            return []
        try:
            value, is_plain = read_piece(body)
        except JSONError as problem:
            return self._read_lines(body, problem)
        chunks = self._reader.read_whole(value, body, is_plain=is_plain)
        self.error = self._reader.error
        return chunks

    def _read_lines(self, body: bytes, problem: JSONError) -> list[Chunk]:
        """Return the chunks in the lines of what is no JSON as a whole."""
        chunks: list[Chunk] = []
        with contextlib.suppress(RaxError):
            chunks = self._read_events(self._decoder.feed(body))
            chunks += self._last_events()
        if not chunks and not isinstance(self.error, StatusError):
            self.error = self._reader.unreadable(
                f"The answer cannot be read: {problem}.", Kind.NOT_JSON, body
            )
        return chunks

    def _read_events(self, events: list[Event], *, is_last: bool = False) -> list[Chunk]:
        chunks: list[Chunk] = []
        try:
            reader = self._reader
            for event in events:
                if reader.done or self._is_spent or reader.error is not None:
                    break
                chunks += reader.read(event, is_last=is_last)
        except Exception as error:  # what came before stays
            self._break(self._told(error))
        self.error = self.error or self._reader.error
        return chunks
