"""One request and its whole answer: headers sent, deadlines kept, bytes bounded, errors named."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any, Final

from rax import _constants as constants
from rax._answers import RawAnswer
from rax._arguments import Key
from rax._compression import inflate, inflated_so_far
from rax._connections import Connections
from rax._errors import error_from_answer, error_from_event, holds_error, reading, unreadable
from rax._event_stream import says_done, says_finished
from rax._exceptions import (
    AnswerError,
    ConnectError,
    ConnectionLostError,
    Kind,
    MisuseError,
    RateLimitError,
    RaxError,
    ServerError,
    StatusError,
)
from rax._json import JSONError, read_json
from rax._limits import Limits, parse_limits
from rax._parser import has_ended
from rax._payload import encode_payload
from rax._timeouts import Patience, Timeouts, get_deadline
from rax._transport import Answer

_random: Final = SystemRandom()


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer and what came with it; times are aware UTC.

    The key may still stand in the body, which is the value of an answer to a POST.
    """

    value: Any = field(repr=False)
    body: bytes = field(repr=False)
    answer: RawAnswer
    limits: Limits
    started_at: datetime
    ended_at: datetime


class Wire:
    """A key, a server and the connections to it."""

    def __init__(
        self, key: Key, base_url: str, connections: Connections, *, timeouts: Timeouts, get_retries: int
    ) -> None:
        self.key = key
        self.base_url = base_url
        self.connections = connections
        self.timeouts = timeouts
        self.is_closed = False
        self._get_retries = get_retries

    async def get(self, path: str, read: Callable[[bytes], Any] = read_json) -> Reply:
        """Return the answer to a GET, its body `read` as JSON without the key; what may pass is tried again,
        with full jitter."""

        def read_redacted(body: bytes) -> Any:
            return self.key.redact_json(read(body))

        loop = asyncio.get_running_loop()
        ends_at = loop.time() + (self.timeouts.get_seconds or math.inf)
        async with get_deadline(self.timeouts.get_seconds):
            for attempt in range(self._get_retries):
                try:
                    return await self._ask("GET", path, read=read_redacted)
                except RaxError as error:
                    wait_seconds = _wait_before_retry(error, attempt)
                    if wait_seconds is None or loop.time() + wait_seconds >= ends_at:
                        raise
                await asyncio.sleep(wait_seconds)
            return await self._ask("GET", path, read=read_redacted)

    async def post(self, path: str, payload: Mapping[str, Any]) -> Reply:
        """Return the answer to a POST, whose value is its body as it came.

        It is never sent twice: the first may have been billed.
        """
        body = encode_payload(payload)
        patience = Patience(self.timeouts)
        async with patience.holding():
            return await self._ask("POST", path, body, read=bytes, patience=patience)

    async def open_stream(self, path: str, payload: Mapping[str, Any]) -> Answer:
        """Return the answer to a streaming POST with its body still to come; raise for an error status."""
        answer = await self._send("POST", path, encode_payload(payload), accept="text/event-stream")
        try:
            await self._raise_for_status(answer, is_billable=True)
            if _encoding(answer):
                raw = raw_answer(answer, b"", self.key)
                raise AnswerError(
                    "The stream is compressed.", kind=Kind.ENCODED, answer=raw, maybe_billed=True
                )
        except BaseException:
            await answer.aclose()
            raise
        return answer

    async def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        read: Callable[[bytes], Any] = read_json,
        patience: Patience | None = None,
    ) -> Reply:
        started_at = datetime.now(UTC)
        answer = await self._send(method, path, body, accept="application/json")
        is_billable = method == "POST"
        received = bytearray()
        try:
            await self._raise_for_status(answer, is_billable=is_billable)
            if patience is not None:
                patience.hear()
            content = await read_body(answer, received, constants.JSON_BYTES, patience=patience, key=self.key)
        except RaxError as error:
            begun = b"" if _encoding(answer) else bytes(received)
            error.answer = error.answer or raw_answer(answer, begun, self.key)
            raise
        finally:
            await answer.aclose()
        raw = raw_answer(answer, content, self.key)
        with reading(raw, self.key, maybe_billed=is_billable):
            return self._reply(answer, content, raw, started_at, read, is_billable=is_billable)

    def _reply(
        self,
        answer: Answer,
        content: bytes,
        raw: RawAnswer,
        started_at: datetime,
        read: Callable[[bytes], Any],
        *,
        is_billable: bool,
    ) -> Reply:
        ended_at = datetime.now(UTC)
        limits = parse_limits(answer.headers, ended_at)
        try:
            value = read(content)
        except JSONError as error:
            raise unreadable(
                f"The answer cannot be read: {error}.",
                kind=Kind.NOT_JSON,
                body=content,
                answer=raw,
                limits=limits,
                key=self.key,
                maybe_billed=is_billable,
            ) from None
        if holds_error(value):
            raise error_from_event(
                value, content, request_id=raw.request_id, limits=limits, answer=raw, key=self.key
            )
        return Reply(value, content, raw, limits, started_at, ended_at)

    async def _send(self, method: str, path: str, body: bytes | None, *, accept: str) -> Answer:
        if self.is_closed:  # between two attempts, too
            raise MisuseError("This client is closed.")
        headers = {
            "Authorization": f"Bearer {self.key.reveal()}",
            "Accept": accept,
            "Accept-Encoding": "identity",
            "User-Agent": constants.USER_AGENT,
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        return await self.connections.transport().send(
            method,
            self.base_url + path,
            headers=headers,
            body=body,
            connect_seconds=self.timeouts.connect_seconds,
        )

    async def _raise_for_status(self, answer: Answer, *, is_billable: bool) -> None:
        if 200 <= answer.status_code <= 299:
            return
        content = await read_error_body(answer)
        raise error_from_answer(
            content,
            answer=raw_answer(answer, content, self.key),
            limits=parse_limits(answer.headers, datetime.now(UTC)),
            key=self.key,
            is_billable=is_billable,
        )


def raw_answer(answer: Answer, body: bytes, key: Key) -> RawAnswer:
    """Return what may be kept of an answer whose body was this."""
    return RawAnswer.of(answer.status_code, answer.headers, body, key.redact_bytes)


async def read_body(
    answer: Answer, received: bytearray, max_bytes: int, *, patience: Patience | None, key: Key
) -> bytes:
    """Return the whole body, inflated if it was compressed; raise AnswerError past `max_bytes`.

    An event stream that nobody asked for may stay open, or break, after its [DONE] or its finish reason.
    What comes is added to `received`, where it stays when the body breaks. `patience` is that of whoever is
    billed for the answer; there is none for a GET.
    """
    maybe_billed = patience is not None
    try:
        chunks = answer.chunks()
        async for chunk in _until_ended(chunks, received, key) if maybe_billed else chunks:
            received += chunk
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
    encoding = _encoding(answer)
    if not encoding:
        return bytes(received)
    inflated = inflate(bytes(received), encoding, max_bytes)
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


async def read_error_body(answer: Answer) -> bytes:
    """Return what can be read of an error's body: the status says enough when it is cut, large or broken."""
    content = bytearray()
    with contextlib.suppress(RaxError):
        async for chunk in answer.chunks():
            content += chunk
            if len(content) > constants.ERROR_BODY_BYTES:
                break
    if _encoding(answer):
        return inflated_so_far(bytes(content), constants.ERROR_BODY_BYTES)
    return bytes(content[: constants.ERROR_BODY_BYTES])


def _encoding(answer: Answer) -> str:
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    return "" if encoding == "identity" else encoding


def _too_large(maybe_billed: bool) -> AnswerError:
    return AnswerError("The answer is larger than we accept.", kind=Kind.TOO_LARGE, maybe_billed=maybe_billed)


def _wait_before_retry(error: RaxError, attempt: int) -> float | None:
    """Return the seconds to wait before the next GET, or None where trying again is no use."""
    if isinstance(error, StatusError):
        is_told_inside = error.status_code is None and isinstance(error, RateLimitError | ServerError)
        if error.status_code not in constants.RETRIED_STATUSES and not is_told_inside:
            return None
    elif not isinstance(error, ConnectError | ConnectionLostError):
        return None
    if error.retry_after_seconds is not None:
        asked = error.retry_after_seconds
        return asked if asked <= constants.RETRY_AFTER_CAP_SECONDS else None
    return _random.uniform(0, min(constants.RETRY_CAP_SECONDS, constants.RETRY_BASE_SECONDS * 2**attempt))
