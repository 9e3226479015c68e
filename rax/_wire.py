"""One request and its whole answer: headers sent, deadlines kept, bytes bounded, errors named."""

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any, Final

from rax import _constants as constants
from rax._answers import RawAnswer
from rax._bodies import Hear, encoding_of, read_body, read_error_body
from rax._connections import Connections
from rax._errors import error_from_answer, error_from_event, holds_error, reading, unreadable
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
from rax._key import Key
from rax._limits import Limits, parse_limits
from rax._payload import encode_payload
from rax._recorder import Recorder
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
        self,
        key: Key,
        base_url: str,
        connections: Connections,
        *,
        timeouts: Timeouts,
        get_retries: int,
        recorder: Recorder | None = None,
    ) -> None:
        self.key = key
        self.base_url = base_url
        self.connections = connections
        self.timeouts = timeouts
        self.recorder = recorder
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
        body = encode_payload(payload)
        hear = self._begin_recording()
        answer = await self._send("POST", path, body, accept="text/event-stream")
        try:
            await self._raise_for_status(answer, is_billable=True, hear=hear)
            if encoding_of(answer):
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
        is_billable = method == "POST"
        hear = self._begin_recording() if is_billable else None
        answer = await self._send(method, path, body, accept="application/json")
        received = bytearray()
        try:
            await self._raise_for_status(answer, is_billable=is_billable, hear=hear)
            if patience is not None:
                patience.hear()
            content = await read_body(
                answer, received, constants.JSON_BYTES, patience=patience, key=self.key, hear=hear
            )
        except RaxError as error:
            begun = b"" if encoding_of(answer) else bytes(received)
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

    def _begin_recording(self) -> Hear | None:
        """Begin to record an answer, where somebody wants that; return who is to hear its bytes."""
        if self.recorder is None:
            return None
        self.recorder.begin(self.key)
        return self.recorder.hear

    async def _raise_for_status(self, answer: Answer, *, is_billable: bool, hear: Hear | None = None) -> None:
        if 200 <= answer.status_code <= 299:
            return
        content = await read_error_body(answer, hear)
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
