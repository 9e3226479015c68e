"""From the bytes of a streamed answer to chunks, without any network, in all the shapes servers send."""

from typing import Any, Final

from rax._answers import RawAnswer
from rax._arguments import Key
from rax._chunks import Transcript
from rax._constants import JSON_BYTES
from rax._errors import error_from_event, holds_error, unreadable
from rax._event_stream import Event, EventDecoder
from rax._exceptions import AnswerError, Kind, RaxError
from rax._json import JSONError, read_json, read_piece
from rax._limits import Limits
from rax._models import Chunk, ShapeError, read_chat

_BOM: Final = b"\xef\xbb\xbf"
_BLANK: Final = b" \t\r\n"


class StreamParser:
    """Turn bytes, however they are cut, into chunks.

    The content type is no help (servers say text/plain, or nothing), so the first byte decides: `{` begins
    a whole JSON answer in place of a stream, `<` the page of some proxy, anything else is events. An error
    inside the stream waits in `error` until the chunks before it are handed out.
    """

    def __init__(self, *, key: Key, limits: Limits, answer: RawAnswer) -> None:
        self._key = key
        self._limits = limits
        self._answer = answer
        self._decoder = EventDecoder()
        self._start = b""
        self._is_events = False
        self._whole: bytearray | None = None
        self.transcript = Transcript(key)
        self.error: RaxError | None = None
        self.done = False
        self.was_useful = False

    def feed(self, data: bytes) -> list[Chunk]:
        """Return the chunks that `data` completes; `was_useful` then says whether it brought anything."""
        self.was_useful = False
        chunks: list[Chunk] = []
        try:
            if not self._is_events:
                chunks = self._feed_start(data)
            else:
                chunks = self._read_events(self._decoder.feed(data))
        except RaxError as error:
            self.error = error
        return chunks + self._rest() if self.error is not None else chunks

    def fail(self, error: RaxError) -> list[Chunk]:
        """Return the chunks that wait no longer, because the stream broke by this error."""
        self.error = error
        return self._rest()

    def finish(self) -> list[Chunk]:
        """Return the chunks that only the end completes; it is an error when nothing came at all."""
        chunks: list[Chunk] = []
        try:
            if self._whole is not None:
                return [self._read_whole(bytes(self._whole))]
            chunks = self._read_events(self._decoder.finish(), is_last=True)
        except RaxError as error:
            self.error = error
        chunks += self._rest()
        if self.error is None and not self.transcript.has_chunks:
            self.error = self._unreadable(
                "The stream ended without an answer.", Kind.EMPTY_STREAM, self._start
            )
        return chunks

    def _rest(self) -> list[Chunk]:
        rest = self.transcript.end()
        return [rest] if rest else []

    def _feed_start(self, data: bytes) -> list[Chunk]:
        """Read bytes while it is not known that they are events; blanks and a byte order mark say nothing."""
        if self._whole is None:
            self._start += data
            start = self._start.lstrip(_BLANK).removeprefix(_BOM).lstrip(_BLANK)
            if not start or _BOM.startswith(start):
                self._limit(self._start)
                return []
            if not start.startswith((b"{", b"<")):
                self._is_events = True
                return self._read_events(self._decoder.feed(self._start))
            self._whole = bytearray()
            data = start
        self._whole += data
        self._limit(self._whole)
        self.was_useful = True
        return []

    def _limit(self, content: bytes | bytearray) -> None:
        if len(content) > JSON_BYTES:
            raise self._unreadable("The answer is larger than we accept.", Kind.TOO_LARGE, b"")

    def _read_whole(self, body: bytes) -> Chunk:
        if body.startswith(b"<"):
            raise self._unreadable("The server answered with a page.", Kind.UNEXPECTED_SHAPE, body)
        try:
            value = read_json(body)
        except JSONError as error:
            raise self._unreadable(f"The answer cannot be read: {error}.", Kind.NOT_JSON, body) from None
        if holds_error(value):
            raise self._reported(value, body)
        try:
            answer = read_chat(value, limits=self._limits, answer=self._answer, key=self._key)
        except ShapeError as error:
            raise self._unreadable(str(error), Kind.UNEXPECTED_SHAPE, body) from None
        return self.transcript.add_whole(answer)

    def _read_events(self, events: list[Event], *, is_last: bool = False) -> list[Chunk]:
        chunks: list[Chunk] = []
        for event in events:
            if self.done or self.error is not None:
                break
            try:
                chunk = self._read_event(event)
            except RaxError as error:
                # What a cut stream leaves of its last event is no error of the server's.
                is_remnant = is_last and error.kind is Kind.NOT_JSON
                self.error = None if is_remnant else error
                break
            if chunk is not None:
                chunks.append(chunk)
        return chunks

    def _read_event(self, event: Event) -> Chunk | None:
        data = event.data
        if data[:1] != b"{":
            data = data.strip()
            if not data:
                return None  # a heartbeat
            if data == b"[DONE]":
                self.done = True
                return None
        try:
            value, is_plain = read_piece(data)
        except JSONError as error:
            if event.name == b"error":
                raise self._reported({"message": data.decode("utf-8", "replace")}, data) from None
            raise self._unreadable(f"An event cannot be read: {error}.", Kind.NOT_JSON, data) from None
        return self._read_value(value, event, is_plain=is_plain)

    def _read_value(self, value: Any, event: Event, *, is_plain: bool) -> Chunk | None:
        if event.name == b"error":
            raise self._reported(value, event.data)
        if not isinstance(value, dict):
            if holds_error(value):
                raise self._reported(value, event.data)
            raise self._unreadable("An event is not an object.", Kind.UNEXPECTED_SHAPE, event.data)
        if holds_error(value):
            raise self._reported(value, event.data)
        chunk = self.transcript.add_event(value, is_plain=is_plain)
        if self.transcript.finish_reason == "error":
            raise self._reported(value["choices"][0], event.data)
        self.was_useful = self.was_useful or self.transcript.is_useful
        return chunk

    def _reported(self, value: Any, body: bytes) -> RaxError:
        return error_from_event(
            value,
            body,
            request_id=self._answer.request_id or self.transcript.id,
            limits=self._limits,
            answer=self._answer,
            key=self._key,
        )

    def _unreadable(self, message: str, kind: Kind, body: bytes) -> AnswerError:
        return unreadable(
            message,
            kind=kind,
            body=body,
            answer=self._answer,
            limits=self._limits,
            key=self._key,
            maybe_billed=True,
        )
