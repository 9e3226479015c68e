"""Server-sent events, decoded from bytes.

Only CRLF, LF and CR end a line (https://html.spec.whatwg.org/multipage/server-sent-events.html): text with
U+2028 or U+0085 inside stays one line, which readers built on `str.splitlines` get wrong. Lines stay bytes,
so a character cut in two by the network is whole again before anybody decodes it.
"""

import re
from typing import NamedTuple

from rax._constants import EVENT_LINE_BYTES, STREAM_BYTES
from rax._exceptions import AnswerError, Kind

_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\x1e"
_FIELDS = (b"id", b"retry")
_READ_FIELDS = (b"data", b"event")
_READ_STARTS = (b"data:", b"event:")
_BARE_STARTS = (b"{", b"[{", b"[DONE]")
# The name of what stands where readers do not look: in a comment, or in a field nobody knows.
ASIDE = b":"
_END_BYTES = 64
_DONE_AT_END = re.compile(rb"(?:^|[\r\n])(?:data: ?)?\[DONE\]\s*$")
_FINISHED = re.compile(rb'"finish_reason"\s*:\s*"')
# How servers name an event that tells of a failure.
FAILS = re.compile(rb"error|exception|fail(ed|ure)", re.IGNORECASE)


class Event(NamedTuple):
    """One event: its data lines joined by LF, still UTF-8 bytes, and its name (b"" when it has none)."""

    data: bytes
    name: bytes


class EventDecoder:
    """Turn the bytes of one event stream into events, however they are cut.

    `feed` returns the events completed by these bytes, `finish` those that only the end completes.
    Both raise AnswerError when a line, an event or the whole stream is larger than allowed. Deviations from
    the standard, for the sake of what would be lost:

    - A data line that begins a JSON object, or says [DONE], right after one that ended an object is an event
      of its own even without the blank line between them. Some servers leave it out, and no JSON text can be
      cut like that.
    - A line that is a JSON object, or [DONE], without any field before it is an event, as in plain lines.
    - Such an object may go over several lines, up to a blank one or a field. A page of HTML does, up to the
      next field.
    - The field `error` (or `exception`) is an event of that name, and `event: error` is one without data too.
      An object that mentions an error in a comment, or in a field nobody knows, is an event named `ASIDE`; so
      are lines of words, and pages, and comments that begin with an error.
    """

    def __init__(self, *, max_line_bytes: int = EVENT_LINE_BYTES, max_bytes: int = STREAM_BYTES) -> None:
        self._max_line_bytes = max_line_bytes
        self._max_bytes = max_bytes
        self._total_bytes = 0
        self._failure: AnswerError | None = None
        self._rest = bytearray()
        self._is_first_line = True
        self._skips_line_feed = False
        self._data: list[bytes] = []
        self._data_bytes = 0
        self._bare: list[bytes] = []
        self._bare_bytes = 0
        self._name = b""

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that `chunk` completes; where an error follows them, the next call raises it."""
        if self._failure is not None:
            raise self._failure
        events: list[Event] = []
        try:
            self._read(chunk, events)
        except AnswerError as error:
            if not events:
                raise
            self._failure = error
        return events

    def finish(self) -> list[Event]:
        """Return the events left when the body ends without a last line end or blank line."""
        if self._failure is not None:
            raise self._failure
        events: list[Event] = []
        self._read_line(bytes(self._rest), events)
        self._rest.clear()
        self._end_bare(events)
        self._dispatch(events)
        return events

    def _read(self, chunk: bytes, events: list[Event]) -> None:
        self._total_bytes += len(chunk)
        if self._total_bytes > self._max_bytes:
            raise _too_large()
        if self._read_usual(chunk, events):
            return
        for line in self._complete_lines(chunk):
            self._read_line(line, events)
        if len(self._rest) > self._max_line_bytes:
            raise _too_large()

    def _read_usual(self, chunk: bytes, events: list[Event]) -> bool:
        """Read whole events of one data line each, as nearly all reads bring; tell whether these are."""
        if not chunk.startswith(b"data: ") or not chunk.endswith(b"\n\n") or b"\r" in chunk:
            return False
        if (
            self._rest
            or self._data
            or self._name
            or self._bare
            or self._is_first_line
            or self._skips_line_feed
        ):
            return False
        lines = chunk[6:-2].split(b"\n\ndata: ")
        if chunk.count(b"\n") != 2 * len(lines) or len(chunk) > self._max_line_bytes:
            return False
        events += [Event(line, b"") for line in lines]
        return True

    def _complete_lines(self, chunk: bytes) -> list[bytes]:
        if self._skips_line_feed and chunk:
            chunk = chunk.removeprefix(b"\n")  # the second half of a CRLF that was cut in two
            self._skips_line_feed = False
        if b"\r" in chunk:
            self._skips_line_feed = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = chunk.split(b"\n")
        last = lines.pop()
        if lines and self._rest:
            self._rest += lines[0]
            lines[0] = bytes(self._rest)
            self._rest.clear()
        self._rest += last
        return lines

    def _read_line(self, line: bytes, events: list[Event]) -> None:
        if self._is_first_line:
            line = line.removeprefix(_BOM)
            self._is_first_line = False
        if self._bare:
            self._read_bare_line(line, events)
        elif not line:
            self._dispatch(events)
        elif line.startswith(b"data:"):
            self._add_data(line[6:] if line[5:6] == b" " else line[5:], events)
        elif line.startswith(b"event:"):
            self._name = line[6:].strip()
        elif not line.startswith(b":") or b"{" in line or FAILS.match(line.lstrip(b": ")):
            self._read_odd_line(line.lstrip(_BLANK), events)
        # Another comment, an id, a retry time or a field nobody knows says nothing to us.

    def _read_odd_line(self, line: bytes, events: list[Event]) -> None:
        """Read a line that is no field of the standard: JSON by itself, or where somebody put an error."""
        field, colon, value = line.partition(b":")
        if colon and field.lower() in _READ_FIELDS:
            self._read_line(field.lower() + colon + value, events)
        elif line.startswith(_BARE_STARTS) and line.rstrip().endswith((b"}", b"]")):
            self._add_alone(Event(line, self._name), events)
        elif line.startswith((b"{", b"[", b"<")):
            self._read_bare_line(line, events)
        else:
            self._read_unknown_field(line, field if colon else b"", value.strip(), events)

    def _read_unknown_field(self, line: bytes, field: bytes, value: bytes, events: list[Event]) -> None:
        is_object = value.startswith(b"{") and field not in _FIELDS
        words = line.lstrip(b": ")
        if field and FAILS.fullmatch(field):
            self._add_alone(Event(value, b"error"), events)
        elif is_object and field and b'"choices"' in value:
            self._add_alone(Event(value, self._name), events)
        elif is_object and b"error" in value:
            events.append(Event(value, ASIDE))
        elif FAILS.match(words) if line.startswith(b":") else b" " in (field or line):
            events.append(Event(words, ASIDE))

    def _read_bare_line(self, line: bytes, events: list[Event]) -> None:
        """Read a line of JSON over several, or of a page, neither of which stands in a field."""
        is_page = (self._bare or [line])[0].startswith(b"<")
        is_next = line.startswith(_READ_STARTS) or (not is_page and line.startswith(_BARE_STARTS))
        if (self._bare and is_next) or not (line or is_page):
            self._end_bare(events)
            self._read_line(line, events)
            return
        self._bare.append(line)
        self._bare_bytes += len(line) + 1
        if self._bare_bytes > self._max_line_bytes:
            raise _too_large()

    def _end_bare(self, events: list[Event]) -> None:
        if self._bare:
            bare, self._bare, self._bare_bytes = b"\n".join(self._bare), [], 0
            name = ASIDE if bare.startswith(b"<") else self._name
            self._add_alone(Event(bare, name), events)

    def _add_alone(self, event: Event, events: list[Event]) -> None:
        """Add an event of one line, after the one whose data lines stand before it."""
        if len(event.data) > self._max_line_bytes:
            raise _too_large()
        if self._data:
            self._dispatch(events)
        events.append(event)
        self._name = b""

    def _add_data(self, data: bytes, events: list[Event]) -> None:
        if self._data and self._data[-1].endswith(b"}") and data.startswith((b"{", b"[DONE]")):
            self._dispatch(events)
        self._data_bytes += len(data) + 1
        if self._data_bytes > self._max_line_bytes:
            raise _too_large()
        self._data.append(data)

    def _dispatch(self, events: list[Event]) -> None:
        if self._data:
            data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
            events.append(Event(data, self._name))
            self._data = []
            self._data_bytes = 0
        elif self._name and FAILS.search(self._name):
            events.append(Event(b"", self._name))
        self._name = b""


def says_done(body: bytes | bytearray) -> bool:
    """Tell whether a body is an event stream that has said [DONE] at its end."""
    return _DONE_AT_END.search(body[-_END_BYTES:]) is not None


def says_finished(body: bytes | bytearray) -> bool:
    """Tell whether a body is an event stream in which a whole line gives a finish reason."""
    lines = bytes(body[: body.rfind(b"\n") + 1])
    return not lines.lstrip().startswith(b"{") and _FINISHED.search(lines) is not None


def _too_large() -> AnswerError:
    return AnswerError(
        "The answer is larger than we accept.", kind=Kind.TOO_LARGE, status_code=200, maybe_billed=True
    )
