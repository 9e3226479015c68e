"""From one event to chunks: which are answers, which are failures, and which nobody can read."""

import re
from collections.abc import Mapping
from typing import Any, Final

from rax._answers import RawAnswer
from rax._completion.alike import Alike
from rax._completion.failures import find_failed, find_failure, is_failure
from rax._completion.shapes import Chunk
from rax._completion.transcript import Transcript
from rax._errors import error_from_event, read_said, unreadable
from rax._exceptions import AnswerError, Kind, RaxError
from rax._json import JSONError, read_piece, read_pieces
from rax._key import Key
from rax._limits import Limits
from rax._parser.events import ASIDE, FAILS, Event

# What some servers send to keep a connection alive: `ping`, `[HEARTBEAT]`, `null`, `1`.
_BARE_WORD: Final = re.compile(rb'"?(?:\[[a-z][\w.-]{1,64}\]|[^\s"\[\]{},<>]{1,64})"?', re.IGNORECASE)
_DONE: Final = re.compile(rb'"?\[done\]"?', re.IGNORECASE)
_MESSAGES: Final = (b"", b"message")
# Words, or a page: what may be a piece of JSON is neither.
_WORDS: Final = re.compile(rb'<|[^{}\[\]"]+\Z')
_FIELD_NAME: Final = b"data:"


class EventReader:
    """Reads the events of one answer, in their order.

    An event that tells of a failure, or of which no answer can be made without guessing, leaves its `error`.
    `unreadable_events` counts what is passed over instead: what is not named a message, words, and whatever
    comes after a finish reason. Words that nothing follows, no finish reason either, may be why the answer is
    not whole: then they are its error.
    """

    def __init__(self, *, key: Key, limits: Limits, answer: RawAnswer) -> None:
        self._key = key
        self._limits = limits
        self._answer = answer
        self._failure: tuple[Mapping[str, Any], bytes] | None = None
        self._last_words: Event | None = None
        self._alike = Alike()
        self.transcript = Transcript(key)
        self.error: RaxError | None = None
        self.done = False
        self.has_objects = False
        self.unreadable_events = 0

    def read(self, event: Event, *, is_last: bool = False) -> list[Chunk]:
        """Return the chunks of an event. What a cut stream leaves of its last one is no error."""
        data, name = event
        if not name and (words := self._alike.words(data)):
            self._last_words = None
            return self.transcript.add_words(self._alike.index, words, data)
        if data[:1] != b"{":
            data = _without_field_names(data)
            event = Event(data, event.name)
            if self._is_read_as_words(data, event.name):
                return []
        try:
            value, is_plain = read_piece(data)
        except JSONError as problem:
            if values := read_pieces(data) if data[:1] == b"{" else []:
                return [chunk for value in values for chunk in self._read_value(value, event, is_plain=False)]
            self._read_no_json(f"An event cannot be read: {problem}.", event, is_last=is_last)
            return []
        if event.name and FAILS.search(event.name):
            self._report(value, data)
            return []
        return self._read_value(value, event, is_plain=is_plain)

    def read_whole(self, value: Any, body: bytes, *, is_plain: bool) -> list[Chunk]:
        """Return the chunks of a body that is one JSON value: an answer, or a list of events."""
        if isinstance(value, list) and value:
            return self._read_value(value, Event(body, b""), is_plain=is_plain)
        choices = value.get("choices") if isinstance(value, dict) else None
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict) and not (isinstance(value, dict) and find_failure(value)):
            self.error = self.unreadable("The answer has no choices.", Kind.UNEXPECTED_SHAPE, body)
            return []
        chunks = self._read_value(value, Event(body, b""), is_plain=is_plain)
        if self.error is not None or not isinstance(choice, dict):
            return chunks
        # An answer that says nothing is an answer.
        self.transcript.has_chunks = True
        self.transcript.is_whole = "delta" not in choice
        return chunks or [Chunk("")]

    def end(self, *, is_broken: bool = False) -> None:
        """Let what the finish reason told of a failure be the error, where nothing said more of it; else the
        last words, of an answer that is not whole and did not break."""
        if self._failure is not None and self.error is None:
            self._report(*self._failure)
        words = self._last_words
        if words is None or is_broken or self.error is not None or self.transcript.finish_reason is not None:
            return
        if words.name == ASIDE or words.data.startswith(b"<"):
            self._report(read_said(words.data.decode("utf-8", "replace")).message, words.data)
        else:
            self.error = self.unreadable("An event is not JSON.", Kind.NOT_JSON, words.data)

    def unreadable(self, message: str, kind: Kind, body: bytes) -> AnswerError:
        """Return the error for what nobody can read; it may be billed."""
        return unreadable(
            message,
            kind=kind,
            body=body,
            answer=self._answer,
            limits=self._limits,
            key=self._key,
            maybe_billed=True,
        )

    def _is_read_as_words(self, data: bytes, name: bytes) -> bool:
        """Read what is no JSON object: heartbeats, [DONE], bare words. Tell whether it was one of them."""
        if name and FAILS.search(name):
            return False
        if _DONE.fullmatch(data):
            self.end()
            self.done = self.error is None
            return True
        if name != ASIDE and _BARE_WORD.fullmatch(data):
            self._read_bare_word(data)
            return True
        return not data

    def _read_bare_word(self, word: bytes) -> None:
        if FAILS.search(word):
            self._report(word.decode("utf-8", "replace"), word)
        else:
            self.unreadable_events += 1

    def _read_no_json(self, message: str, event: Event, *, is_last: bool) -> None:
        if event.name and FAILS.search(event.name):
            self._report(event.data.decode("utf-8", "replace"), event.data)
        elif event.name == ASIDE:
            self._read_aside(event)
        elif not is_last and _WORDS.match(event.data):
            self.unreadable_events += 1
            if not event.data.startswith(b":"):  # a comment that somebody passed on as data
                self._last_words = event
        elif not is_last:
            self._pass_over(message, Kind.NOT_JSON, event)

    def _read_aside(self, event: Event) -> None:
        """Read words, or a page, where readers do not look: they matter in the middle of an answer."""
        if self.transcript.finish_reason is not None or not self.transcript.has_chunks:
            return
        if event.data[:1] not in (b"{", b"<") and FAILS.search(event.data):
            self._report(event.data.decode("utf-8", "replace"), event.data)
        else:
            self._last_words = event

    def _pass_over(self, message: str, kind: Kind, event: Event) -> None:
        """Count an event that cannot be read, or make it the error where words may be lost with it."""
        if event.name not in _MESSAGES or self.transcript.finish_reason is not None:
            self.unreadable_events += 1
        else:
            self.error = self.unreadable(message, kind, event.data)

    def _read_value(self, value: Any, event: Event, *, is_plain: bool) -> list[Chunk]:
        if type(value) is dict:
            return self._read_object(value, event, is_plain=is_plain)
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            return [chunk for item in value for chunk in self._read_object(item, event, is_plain=is_plain)]
        if isinstance(value, list) and value:
            self._pass_over("An event is not an object.", Kind.UNEXPECTED_SHAPE, event)
        elif isinstance(value, str) and FAILS.search(event.data):
            self._report(value, event.data)
        else:
            self.unreadable_events += 1
        return []

    def _read_object(self, value: dict[str, Any], event: Event, *, is_plain: bool) -> list[Chunk]:
        data, self.has_objects = event.data, True
        failure = find_failure(value) if _is_suspect(value, data) else None
        if event.name == ASIDE or self.error is not None:
            chunks = []
        else:
            chunks = self.transcript.add_event(value, data, is_plain=is_plain)
            if chunks:
                self._last_words = None
        if failure is not None:
            self._report(failure, data)
        for chunk in chunks:
            if chunk.finish_reason and is_failure(chunk.finish_reason):
                self._failure = (find_failed(value["choices"]), data)
        if len(chunks) == 1 and chunks[0].is_text and is_plain and failure is None and not event.name:
            self._alike.learn(value, data)
        return chunks

    def _report(self, value: Any, body: bytes) -> None:
        if self.error is None:
            self.error = error_from_event(
                value,
                body,
                request_id=self._answer.request_id or self.transcript.id,
                limits=self._limits,
                answer=self._answer,
                key=self._key,
            )


def _without_field_names(data: bytes) -> bytes:
    """Return data without its field's name, which some servers write once more when they pass it on."""
    data = data.strip()
    while data.startswith(_FIELD_NAME):
        data = data.removeprefix(_FIELD_NAME).lstrip()
    return data


def _is_suspect(value: Mapping[str, Any], data: bytes) -> bool:
    """Tell whether an object may tell of a failure: nearly all chunks of answers need no second look."""
    return not value.get("choices") or b"error" in data or "error" in value or b"base_resp" in data
