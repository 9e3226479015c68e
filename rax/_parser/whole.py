"""A whole body as one answer, where it may be a stream that nobody asked for."""

import contextlib

from rax._answers import RawAnswer
from rax._completion.choice import Finish
from rax._completion.shapes import ChatAnswer
from rax._completion.transcript import Transcript
from rax._errors import unreadable
from rax._exceptions import Kind, RaxError
from rax._json import JSONError, read_piece
from rax._key import Key
from rax._limits import Limits
from rax._parser.events import EventDecoder
from rax._parser.first_line import BLANK
from rax._parser.stream import StreamParser


def has_ended(body: bytes, key: Key) -> bool:
    """Tell whether a body that may go on is an event stream which has given its finish reason."""
    transcript = Transcript(key)
    for event in EventDecoder().feed(body):
        with contextlib.suppress(JSONError):
            value, is_plain = read_piece(event.data)
            if isinstance(value, dict):
                transcript.add_event(value, event.data, is_plain=is_plain)
    return transcript.finish is not Finish.NO


def read_completion(body: bytes, *, limits: Limits, answer: RawAnswer, key: Key) -> ChatAnswer:
    """Return the completion in a whole body, which may be an event stream that nobody asked for."""
    parser = StreamParser(key=key, limits=limits, answer=answer)
    parser.feed(body)
    if parser.error is None:
        parser.finish()
    if parser.error is not None:
        raise _of_whole(parser.error, body, limits, answer, key)
    said, choice = parser.transcript, parser.transcript.answer
    return ChatAnswer(
        text=said.text,
        role=choice.role,
        finish_reason=choice.finish_reason,
        usage=said.usage,
        model=said.model,
        id=said.id,
        created_at=said.created_at,
        request_id=answer.request_id or said.id,
        limits=limits,
        answer=answer,
        index=said.index,
        reasoning=choice.reasoning.text,
        refusal=choice.refusal.text,
        tool_calls=choice.tools.whole(),
        unbelieved_tokens=said.unbelieved_tokens,
        unreadable_events=parser.unreadable_events,
        choices=said.choices,
        ended_early=not parser.is_whole,
    )


def _of_whole(error: RaxError, body: bytes, limits: Limits, answer: RawAnswer, key: Key) -> RaxError:
    """Return an error with all that is known of the answer; a page, or no stream at all, is no JSON."""
    if error.kind is Kind.EMPTY_STREAM or body.lstrip(BLANK).startswith(b"<"):
        return unreadable(
            "The answer cannot be read: the text is not JSON.",
            kind=Kind.NOT_JSON,
            body=body,
            answer=answer,
            limits=limits,
            key=key,
            maybe_billed=True,
        )
    error.request_id = error.request_id or answer.request_id
    error.limits = error.limits or limits
    error.answer = error.answer or answer
    return error
